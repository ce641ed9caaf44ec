"""A stand-in for the study database and its partners: the SECURE study, simulated."""

from consumers.simulation.stream import (
    SimulatedRecord,
    Tally,
    expected_counts,
    known_duplicates,
    simulate_secure,
)

__all__ = ["SimulatedRecord", "Tally", "expected_counts", "known_duplicates", "simulate_secure"]
