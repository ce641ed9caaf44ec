"""Laws of every narrative, whatever the case tells and leaves out."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.narrative import render_html, render_text, validate_narrative
from reports.narrative.model import LANGUAGES
from safety.case import CaseState
from tests.support.reports import BASE, follow_up, report
from tests.unit.reports.narrative.cases import amount, answer, day, dose, drug, state_of, tell

_QUOTED = ("term.text", "english", "condition.text", "cause.text", "treatment", "result_text")

WORDS = st.one_of(
    st.text(min_size=1, max_size=60),
    st.sampled_from(
        ["手足皮肤反应", "{{ nothing }}", "{% if %}", "None", "rash?", 'a "b" c', "  two  spaces "]
    ),
)
FLAVOURS = st.sampled_from(["NI", "MSK", "UNK", "NA", "ASKU", "NASK"])
UNITS = st.sampled_from(["mg", "h", "d", "wk", "a", "[iU]", "{cyclical}", "furlong"])
AMOUNTS = st.builds(
    amount, st.decimals(0, 10_000, places=2).map(lambda number: f"{number:E}"), UNITS
)
DATES = st.sampled_from(["2014", "2014-05", "2014-05-06", "2013-12-31", "2016-02-29"]).map(day)


def _term(draw: st.DrawFn) -> dict[str, Any]:
    return {"text": draw(WORDS), "language": "en"}


@st.composite
def whole_cases(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a report that tells everything."""
    dates = [draw(DATES) for _ in range(12)]
    period = {"start": dates[0], "end": dates[1]}
    return {
        "report_type": draw(st.sampled_from(["study", "spontaneous", "other", "not_available"])),
        "study": {
            "study_id": draw(st.sampled_from(["NCT01751763", "T-1"])),
            "study_type": draw(st.sampled_from(["clinical_trial", "other_study"])),
            "subject_id": "01-001",
            "title": draw(WORDS),
        },
        "reporters": [
            {"reporter_id": "1", "qualification": "physician", "country": "CN"},
            {"reporter_id": "2", "qualification": draw(FLAVOURS.map(lambda f: {"null": f}))},
        ],
        "patient": {
            "initials": "WL",
            "age": draw(AMOUNTS),
            "birth_date": dates[2],
            "age_group": "adult",
            "sex": "female",
            "weight_kg": "61.50",
            "height_cm": "1.7E+2",
            "race": draw(WORDS),
            "last_menstrual_period": dates[3],
            "history_text": draw(WORDS),
            "history": [
                {"history_id": "h1", "condition": _term(draw), **period, "continuing": True},
                {"history_id": "h2", "condition": _term(draw), "comments": draw(WORDS)},
            ],
            "past_drugs": [{"past_drug_id": "p1", "name": draw(WORDS), "indication": _term(draw)}],
            "death": {
                "date": dates[4],
                "autopsy": True,
                "reported_causes": [{"cause_id": "c1", "cause": _term(draw)}],
                "autopsy_causes": [{"cause_id": "c1", "cause": _term(draw)}],
            },
        },
        "drugs": [
            drug(
                substances=[{"substance_id": "s1", "name": draw(WORDS)}],
                doses=[
                    dose("1", **period, batch=draw(WORDS), route="oral"),
                    dose("2", start=dates[5], text=draw(WORDS), route=draw(WORDS)),
                ],
                indications=[{"indication_id": "i1", "term": _term(draw)}],
                action_taken=draw(st.sampled_from(["withdrawn", "dose_reduced", "unknown"])),
                cumulative_dose=draw(AMOUNTS),
                additional_information=draw(WORDS),
                additional_information_codes=["2", "99"],
            ),
            drug("d2", draw(WORDS), role=draw(st.sampled_from(["concomitant", "interacting"]))),
        ],
        "reactions": [
            {
                "reaction_id": reaction_id,
                "term": _term(draw),
                "english": draw(WORDS),
                "onset": dates[6 + place],
                "end": dates[9 + place],
                "duration": draw(AMOUNTS),
                "outcome": draw(
                    st.sampled_from(["recovered", "recovering", "not_recovered", "fatal"])
                ),
                "grade": {"grade": draw(st.integers(1, 5)), "ctcae": "5.0"},
                "treatment": draw(WORDS),
                "country": "US",
                "medically_confirmed": draw(st.booleans()),
                "seriousness": {"hospitalisation": True, "life_threatening": True},
            }
            for place, reaction_id in enumerate(("r1", "r2", "r3"))
        ],
        "tests": [
            {
                "test_id": "t1",
                "date": dates[9],
                "name": "ALT",
                "result": {**draw(AMOUNTS), "comparator": "<"},
                "low": draw(AMOUNTS),
                "high": draw(AMOUNTS),
            },
            {"test_id": "t2", "name": draw(WORDS), "result_text": draw(WORDS)},
        ],
        "relatedness": [
            answer("investigator", draw(WORDS), method=draw(WORDS)),
            answer("sponsor", draw(WORDS)),
        ],
        "drug_reactions": [
            {
                "drug_id": "d1",
                "reaction_id": "r2",
                "rechallenge": draw(st.sampled_from(["recurred", "outcome_unknown", "not_done"])),
                "from_first_dose": draw(AMOUNTS),
            }
        ],
        "narrative": draw(WORDS),
        "reporter_comments": draw(WORDS),
        "sender_comments": draw(WORDS),
        "sender_diagnoses": [{"diagnosis_id": "1", "term": _term(draw)}],
    }


_KEPT = frozenset({"report_type", "value", "unit", "precision", "null", "grade", "ctcae"})


def _optional(node: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Give the path of everything that a message may leave out."""
    found: list[tuple[Any, ...]] = []
    if isinstance(node, dict):
        required = {"assessor", "result"} if "assessor" in node else {"term"} & node.keys()
        for name, inner in node.items():
            if name not in _KEPT and name not in required and not str(name).endswith("_id"):
                found.append((*path, name))
            found += _optional(inner, (*path, name))
    elif isinstance(node, list):
        for place, inner in enumerate(node):
            found += _optional(inner, (*path, place))
    return found


def _without(message: dict[str, Any], paths: list[tuple[Any, ...]]) -> dict[str, Any]:
    left = deepcopy(message)
    for path in paths:
        node: Any = left
        for step in path[:-1]:
            node = node.get(step, {}) if isinstance(node, dict) else node[step]
        if isinstance(node, dict):
            node.pop(path[-1], None)
    return left


@st.composite
def partial_cases(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a report that tells some of everything."""
    whole = draw(whole_cases())
    gone = draw(st.lists(st.sampled_from(_optional(whole)), unique=True, max_size=40))
    return _without(whole, gone)


def replacing(told: dict[str, Any]) -> dict[str, Any]:
    """Give the changes that make the base message of the tests this one."""
    return {name: told.get(name) for name in {*BASE, *told} - {"kind", "case"}} | {
        name: BASE[name] for name in ("received_at", "office_zone", "most_recent_information")
    }


def _verbatims(state: CaseState) -> list[str]:
    """Give the source's words that a narrative has to hold: all but those of voided events."""
    standing = {reaction.path for reaction in state.reactions}
    return [
        fact.value.strip()
        for path, facts in state.entities.items()
        if path in standing or not path.startswith("reactions/")
        for name, fact in facts.items()
        if (name in _QUOTED or (path, name) == ("case", "narrative"))
        and isinstance(fact.value, str)
        and fact.value.strip()
    ]


class TestAnyNarrative:
    @pytest.mark.parametrize("language", LANGUAGES)
    @given(told=partial_cases())
    @settings(max_examples=80, deadline=None)
    def test_validates_and_holds_every_verbatim(self, language: str, told: dict[str, Any]) -> None:
        case = report(**replacing(told))

        narrative = tell(case, language=language)

        assert validate_narrative(narrative, state_of(case)) == ()
        assert [v for v in _verbatims(state_of(case)) if v not in narrative.text] == []
        assert len(render_text(narrative, 60)) == len(render_text(narrative))
        assert render_html(narrative)

    @pytest.mark.parametrize("language", LANGUAGES)
    @given(
        first=partial_cases(),
        second=partial_cases(),
        more=st.sampled_from([{}, {"complete": True}]),
    )
    @settings(max_examples=60, deadline=None)
    def test_validates_after_any_follow_up(
        self, language: str, first: dict[str, Any], second: dict[str, Any], more: dict[str, Any]
    ) -> None:
        reports = (report(**replacing(first)), follow_up(**more, **second))
        since = (1, state_of(reports[0]))

        narrative = tell(*reports, language=language, since=since)

        assert validate_narrative(narrative, state_of(*reports)) == ()
        assert len(narrative.follow_ups) == 1
