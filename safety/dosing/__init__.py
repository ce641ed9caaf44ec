"""Is the product given as its label says, and with which drugs does it interact?"""

from safety.dosing.doses import check_dosing, company_drugs
from safety.dosing.interactions import (
    Interaction,
    InteractionRow,
    check_interactions,
    find_interacting_rows,
    find_interactions,
)
from safety.dosing.modification import check_modifications

__all__ = [
    "Interaction",
    "InteractionRow",
    "check_dosing",
    "check_interactions",
    "check_modifications",
    "company_drugs",
    "find_interacting_rows",
    "find_interactions",
]
