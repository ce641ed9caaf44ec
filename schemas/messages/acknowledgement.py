"""What a receiver's gateway says of a batch that we sent, as ICH's acknowledgement holds it."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.messages.parts import Many
from schemas.values import Closed, Instant, Name, Text

Texts = Annotated[list[Text], Field(max_length=Many)]


class MessageAcknowledgement(Closed):
    """ACK.B.r: one message of the batch; CA accepted, CR rejected."""

    number: Name  # ACK.B.r.1, the message's N.2.r.1
    code: Literal["CA", "CR"]  # ACK.B.r.6
    local_number: Name | None = None  # ACK.B.r.2
    texts: Texts = Field(default_factory=list)  # ACK.B.r.7


class Acknowledgement(Closed):
    """
    One acknowledgement; AA: all taken, AE: some not, AR: none.

    In the log each stands for one case, with that case's message alone, or with none where the
    receiver spoke of the batch only.
    """

    batch_number: Name  # ACK.A.1, the batch's N.1.2
    code: Literal["AA", "AE", "AR"]  # ACK.A.4
    sender: Name  # ACK.M.2
    created: Instant  # ACK.M.4
    local_number: Name | None = None  # ACK.A.2
    texts: Texts = Field(default_factory=list)  # ACK.A.5
    messages: Annotated[list[MessageAcknowledgement], Field(max_length=100_000)] = Field(
        default_factory=list
    )
