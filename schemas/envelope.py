"""
The CloudEvents 1.0 envelope that every JSON message travels in.

`subject` names what the message is about and is also the Kafka key, so that all
messages of one case stay in one partition: the worldwide case id, or
`<sender>:<sender case id>` where there is none; for study records
`<study>:<subject>`. Source: CloudEvents specification 1.0.2.
"""

from typing import Annotated, Generic, Literal, TypeVar

from pydantic import StringConstraints

from schemas.values import Closed, Instant

Data = TypeVar("Data", bound=Closed)
Kind = TypeVar("Kind", bound=str)

Reference = Annotated[str, StringConstraints(min_length=1, max_length=300)]


class Event(Closed, Generic[Kind, Data]):
    """One event: the attributes of CloudEvents, and of its extensions only trace context."""

    specversion: Literal["1.0"]
    id: Reference
    source: Reference
    type: Kind
    subject: Reference
    time: Instant | None = None
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: Reference | None = None
    traceparent: Annotated[str, StringConstraints(max_length=100)] | None = None
    tracestate: Annotated[str, StringConstraints(max_length=1000)] | None = None
    data: Data
