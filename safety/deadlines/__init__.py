"""
When must this reach which authority, and why?

`evaluate` asks a rule about a reaction (three-valued), `significance` tells what a
report changed, `history` judges every step of a case, `clocks` runs through them
and gives the obligations, `sent` keeps what was sent as it was, `trace` keeps the
reasons. Nothing here reads a clock.
"""

from safety.deadlines.clocks import decide_obligations
from safety.deadlines.evaluate import Answer, Evaluation, evaluate
from safety.deadlines.history import AssessedStep, assess_steps, last_told
from safety.deadlines.obligation import Obligation, Superseded, identity_of, supersede
from safety.deadlines.sent import SentReport, find_after_sending, keep_sent
from safety.deadlines.trace import build_trace

__all__ = [
    "Answer",
    "AssessedStep",
    "Evaluation",
    "Obligation",
    "SentReport",
    "Superseded",
    "assess_steps",
    "build_trace",
    "decide_obligations",
    "evaluate",
    "find_after_sending",
    "identity_of",
    "keep_sent",
    "last_told",
    "supersede",
]
