"""What is the event? From the reporter's words to a term of a dictionary."""

from safety.coding.dictionary import (
    Dictionary,
    Synonym,
    Term,
    build_dictionary,
    load_dictionary,
    parse_synonyms,
    parse_terms,
)
from safety.coding.fuzzy import Candidate
from safety.coding.intensity import Intensity, read_intensity
from safety.coding.learned import Learned, LearnedAction, explain_not_learnable, in_force, teach
from safety.coding.recorded import code_as_recorded
from safety.coding.verbatim import LONGEST_VERBATIM, Coding, CodingMethod, code_verbatim

__all__ = [
    "LONGEST_VERBATIM",
    "Candidate",
    "Coding",
    "CodingMethod",
    "Dictionary",
    "Intensity",
    "Learned",
    "LearnedAction",
    "Synonym",
    "Term",
    "build_dictionary",
    "code_as_recorded",
    "code_verbatim",
    "explain_not_learnable",
    "in_force",
    "load_dictionary",
    "parse_synonyms",
    "parse_terms",
    "read_intensity",
    "teach",
]
