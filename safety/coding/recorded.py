"""What does a study's own coding say, and how do labels and grades name that term?"""

from collections.abc import Mapping
from typing import Any

from safety.coding.dictionary import Dictionary
from safety.coding.verbatim import Coding, CodingMethod, code_verbatim

_UNNAMED = "as recorded, dictionary not named"


def code_as_recorded(recorded: Mapping[str, Any], concepts: Dictionary) -> Coding:
    """
    Take the preferred term, class and codes as the study's database has them.

    Args:
        recorded: The fields of `schemas.messages.clinical.AsRecorded`, a preferred term among them.

        concepts: The dictionary in whose terms labels and grades speak; a term that it does not
            know stays what it is and is compared with no label.
    """
    ours = code_verbatim(recorded["preferred_term"], concepts)
    return Coding(
        term=recorded["preferred_term"],
        code=recorded.get("preferred_code"),
        soc=recorded.get("system_organ_class"),
        method=CodingMethod.AS_RECORDED,
        score=100.0,
        runners_up=(),
        dictionary=recorded.get("dictionary") or _UNNAMED,
        reason="as the study's database has it",
        llt=recorded.get("lowest_level_term"),
        llt_code=recorded.get("lowest_level_code"),
        known_as=ours.known_as,
    )
