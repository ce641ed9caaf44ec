"""
How Python's garbage collector is set for a long run over many small objects.

Messages, states and rows are freed by reference counting as soon as a batch is
done; the cyclic collector finds next to nothing in them, yet at its usual settings
it took more than a third of the CPU time (docs/performance.md). Knowledge lives as
long as the process, so it is taken out of the collector's sight.
"""

import gc

from consumers.dictionary_files import build_knowledge
from consumers.settings import Settings
from safety.grading import prepare_conversions
from safety.knowledge import Knowledge

# New objects before a collection of the young ones, and collections of one age before the next.
THRESHOLDS = (50_000, 20, 50)


def load_for_a_long_run(settings: Settings) -> Knowledge:
    """Load the knowledge and the units, and set the collector for handling many messages."""
    knowledge = build_knowledge(settings)
    prepare_conversions()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*THRESHOLDS)
    return knowledge
