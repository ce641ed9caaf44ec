"""
In which column of a periodic table does a reaction count, if in any?

Taken in this order, the first that applies decides:

1. a trial: if serious, a serious adverse event, whatever its cause, under what is suspected;
2. neither the product nor a blinded drug is suspected, or related by nobody's judgement: in none;
3. spontaneous and literature: an adverse reaction, serious or not;
4. a non-interventional study, or another solicited source: only if serious.

What is not known is taken at its worst: serious, and related.

Sources: ICH E2C(R2) 3.6 and appendix tables; ICH E2F 3.7; GVP VII.B.5.6; regulatory facts 6.1, 6.2.
"""

from reports.periodic.model import UNCODED, Column, TermKey

TRIAL_COLUMNS: dict[Column, str] = {
    "trial_product": "Investigational product",
    "trial_blinded": "Blinded",
    "trial_other": "Active comparator, or not known",
    "trial_placebo": "Placebo",
}
SPONTANEOUS_SERIOUS, SPONTANEOUS_OTHER, SOLICITED_SERIOUS = (
    "spontaneous_serious",
    "spontaneous_non_serious",
    "solicited_serious",
)
MARKETED_COLUMNS: tuple[Column, ...] = (SPONTANEOUS_SERIOUS, SPONTANEOUS_OTHER, SOLICITED_SERIOUS)
COLUMNS: tuple[Column, ...] = (*TRIAL_COLUMNS, *MARKETED_COLUMNS)
SPONTANEOUS = frozenset({"spontaneous", "literature"})
OURS = frozenset({"product", "blinded"})  # what is blinded may be the product


def column_of(
    context: str, treatment: str, *, serious: bool | None, related: bool | None
) -> Column | None:
    """Give the column; see the module for the cases, in their order."""
    if context == "trial":
        return f"trial_{treatment}" if serious is not False else None
    if treatment not in OURS or related is False:
        return None
    if context in SPONTANEOUS:
        return SPONTANEOUS_SERIOUS if serious is not False else SPONTANEOUS_OTHER
    return SOLICITED_SERIOUS if serious is not False else None


def term_of(soc: str | None, term: str | None, verbatim: str | None) -> TermKey:
    """Give class and term; what is not coded stands under its own words."""
    if term is None:
        return UNCODED, verbatim or UNCODED
    return soc or UNCODED, term
