"""Messages about one case, drawn at random: two senders, ties in every date, gaps everywhere."""

from typing import Any

import orjson
from hypothesis import strategies as st

from consumers.handlers import Record

CASE = "CN-EX-000001"
DAYS = ("2026-03-02", "2026-03-02", "2026-03-05", "2026-03-09")  # few: ties have to be broken
INSTANTS = ("2026-03-02T09:00:00+08:00", "2026-03-02T01:00:00Z", "2026-03-09T23:30:00+08:00")
SENDERS = ("EDC", "PARTNER")
REACTIONS = ("r1", "r2")
CRITERIA = ("death", "life_threatening", "hospitalisation", "other_important")

_unknown = {"null": "NI"}


def _some(fields: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[dict[str, Any]]:
    """Any part of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def _reaction(name: str) -> st.SearchStrategy[dict[str, Any]]:
    told = _some(
        {
            "term": st.sampled_from(
                [
                    {"text": "Pulmonary embolism", "language": "en"},
                    {"text": "腹泻", "language": "zh"},
                    {"text": "something nobody coded", "language": "en"},
                    {"text": _unknown},
                ]
            ),
            "seriousness": _some(dict.fromkeys(CRITERIA, st.sampled_from([True, _unknown]))),
            "outcome": st.sampled_from(["fatal", "recovered", "unknown"]),
            "country": st.sampled_from(["CN", "DE", _unknown]),
            "grade": st.sampled_from(
                [{"grade": 3, "ctcae": "4.03"}, {"grade": 5, "ctcae": "5.0"}, _unknown]
            ),
            "onset": st.just({"value": "2026-02", "precision": "month"}),
            "void": st.just("entered_in_error"),
        }
    )
    return told.map(lambda fields: {"reaction_id": name, **fields})


_reactions = st.sets(st.sampled_from(REACTIONS), min_size=1).flatmap(
    lambda names: st.tuples(*map(_reaction, sorted(names))).map(list)
)
_drugs = st.sampled_from(
    [
        [{"drug_id": "d1", "role": "suspect", "name": "sorafenib"}],
        [{"drug_id": "d1", "role": "concomitant", "name": "sorafenib"}],
        [{"drug_id": "d1"}, {"drug_id": "d2", "role": "suspect", "name": "entecavir"}],
    ]
)
_relatedness = st.lists(
    st.fixed_dictionaries(
        {
            "drug_id": st.just("d1"),
            "reaction_id": st.sampled_from(REACTIONS),
            "assessor": st.sampled_from(["investigator", "sponsor"]),
            "result": st.sampled_from(["related", "not related", "unassessable"]),
        }
    ),
    max_size=3,
)
_report = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["initial", "follow_up", "correction"]),
        "report_type": st.sampled_from(["study", "spontaneous"]),
        "received_at": st.sampled_from(INSTANTS),
        "office_zone": st.sampled_from(["Asia/Shanghai", "Europe/Berlin"]),
        "most_recent_information": st.sampled_from(DAYS),
    },
    optional={
        "complete": st.booleans(),
        "medical_change": st.booleans(),
        "awareness": st.just([{"channel": "affiliate", "day": "2026-03-01"}]),
        "drugs": _drugs,
        "reactions": _reactions,
        "relatedness": _relatedness,
    },
)
# What makes a case valid: drawn at random alone, few cases would have a duty to report.
_CORE = {
    "study": {"study_id": "NCT01751763", "subject_id": "01-001"},
    "reporters": [{"reporter_id": "1", "qualification": "physician", "country": "CN"}],
    "patient": {"sex": "male"},
    "drugs": [{"drug_id": "d1", "role": "suspect", "name": "sorafenib"}],
    "reactions": [{"reaction_id": "r1", "term": {"text": "Pulmonary embolism", "language": "en"}}],
}
_nullification = st.fixed_dictionaries(
    {
        "reason": st.sampled_from(["duplicate", "data_entry_error", "later_unrelated"]),
        "explanation": st.just("told twice"),
        "received_at": st.sampled_from(INSTANTS),
        "office_zone": st.just("Asia/Shanghai"),
        "most_recent_information": st.sampled_from(DAYS),
    }
)
_decision = st.fixed_dictionaries(
    {
        "decided_by": st.just("reviewer-1"),
        "decided_at": st.sampled_from(INSTANTS),
        "office_zone": st.just("Asia/Shanghai"),
        "reason": st.just("read the source documents"),
        "action": st.one_of(
            st.fixed_dictionaries(
                {
                    "kind": st.just("confirm_seriousness"),
                    "reaction_id": st.sampled_from(REACTIONS),
                    "criterion": st.sampled_from(CRITERIA),
                    "value": st.sampled_from([True, _unknown]),
                }
            ),
            st.fixed_dictionaries(
                {
                    "kind": st.just("assess_listedness"),
                    "reaction_id": st.sampled_from(REACTIONS),
                    "region": st.sampled_from(["EU", "US", "CN"]),
                    "expected": st.booleans(),
                }
            ),
            st.fixed_dictionaries(
                {
                    "kind": st.just("mark_significance"),
                    "message_id": st.sampled_from(["urn:test m0", "urn:test m1"]),
                    "significant": st.booleans(),
                }
            ),
        ),
    }
)
_KINDS: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "pv.adverse-event.reported.v1": _report,
    "pv.adverse-event.nullified.v1": _nullification,
    "pv.decision.recorded.v1": _decision,
}
# Reports are the rule; a case is seldom void.
_kind = st.sampled_from(
    ["pv.adverse-event.reported.v1"] * 6
    + ["pv.decision.recorded.v1"] * 2
    + ["pv.adverse-event.nullified.v1"]
)


@st.composite
def messages_of_one_case(draw: st.DrawFn) -> list[Record]:
    """Draw the messages of one case, each with an id of its own."""
    return [_message(draw, number) for number in range(draw(st.integers(1, 6)))]


def _message(draw: st.DrawFn, number: int) -> Record:
    kind = draw(_kind)
    data = draw(_KINDS[kind])
    if kind == "pv.adverse-event.reported.v1" and draw(st.integers(0, 3)):
        data = _CORE | data
    case = {
        "sender": draw(st.sampled_from(SENDERS)),
        "sender_case_id": "1",
        "worldwide_id": CASE,
        "sender_version": draw(st.integers(0, 2)),
    }
    event = {
        "specversion": "1.0",
        "id": f"m{number}",
        "source": "urn:test",
        "type": kind,
        "subject": CASE,
        "data": {"case": case, **data},
    }
    return Record("pv.adverse-events", 0, number, CASE, {}, orjson.dumps(event))
