"""Which cases may tell of one and the same event of one patient?"""

from safety.duplicates.blocks import derive_keys
from safety.duplicates.compare import Evidence, Pair, assess_pair, pair_of, read_evidence
from safety.duplicates.fingerprint import (
    Event,
    Fingerprint,
    derive_fingerprint,
    read_fingerprint,
)
from safety.duplicates.match import propose_same
from safety.duplicates.weights import Weights, load_weights

__all__ = [
    "Event",
    "Evidence",
    "Fingerprint",
    "Pair",
    "Weights",
    "assess_pair",
    "derive_fingerprint",
    "derive_keys",
    "load_weights",
    "pair_of",
    "propose_same",
    "read_evidence",
    "read_fingerprint",
]
