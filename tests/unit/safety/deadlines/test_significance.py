"""
What a report changed that matters, one field at a time.

Which fields change the medical picture: EU GVP VI.B.7.1 and ICH E2D 5.3, as the regulatory brief
has them in section 1.1 (dates, dose, dechallenge, cause; a new reaction, seriousness, causality, a
fatal outcome and expectedness are hard).
"""

from typing import Any

import pytest

from safety.assessment import assess_case
from safety.case import Case, fold
from safety.deadlines import assess_steps
from safety.deadlines.significance import NOTHING, Changes
from safety.pipeline import destinations
from tests.support.decisions import knowledge
from tests.support.reports import BASE, answers, follow_up, report

DRUG = BASE["drugs"][0]
DOSE = {"dose_id": "1", "start": {"value": "2026-01", "precision": "month"}}


def changes(*, first: dict[str, Any] | None = None, **later: Any) -> Changes:
    """What a follow-up brought after the base report."""
    case = Case("EDC:16621-01-001-AE01")
    for one in (report(**(first or {})), follow_up("m2", **later)):
        case = fold(case, one)
    steps = assess_steps(
        case.steps,
        (),
        lambda state: assess_case(state, knowledge()),
        lambda assessment: destinations(assessment, knowledge()),
    )
    return steps[-1].changes


def reaction(**told: Any) -> list[dict[str, Any]]:
    return [{"reaction_id": "r1", **told}]


def drug(**told: Any) -> list[dict[str, Any]]:
    return [{"drug_id": "d1", **told}]


class TestMarks:
    both = Changes(hard=("new reaction",), medical=("reactions/r1.onset",))

    @pytest.mark.parametrize(
        ("mark", "told", "of_nothing"),
        [
            (None, ("new reaction", "reactions/r1.onset"), ()),
            (False, ("new reaction",), ()),
            (True, ("new reaction", "reactions/r1.onset"), ("marked as significant",)),
        ],
    )
    def test_a_mark_settles_what_is_merely_medical(
        self,
        mark: bool | None,  # noqa: FBT001 - a mark is a value
        told: tuple[str, ...],
        of_nothing: tuple[str, ...],
    ) -> None:
        assert self.both.significant(mark) == told
        assert NOTHING.significant(mark) == of_nothing


class TestHard:
    @pytest.mark.parametrize(
        ("told", "expected"),
        [
            (
                {
                    "reactions": [
                        {"reaction_id": "r2", "term": {"text": "Diarrhoea", "language": "en"}}
                    ]
                },
                ("new reaction",),
            ),
            (
                {"reactions": reaction(seriousness={"disability": True})},
                ("seriousness of reactions/r1",),
            ),
            (
                {"reactions": reaction(seriousness={"death": True})},
                ("seriousness of reactions/r1", "fatal outcome of reactions/r1"),
            ),
            ({"reactions": reaction(outcome="fatal")}, ("fatal outcome of reactions/r1",)),
            ({"reactions": reaction(outcome="recovered")}, ()),
            (
                {"relatedness": answers(investigator="not related", sponsor="not related")},
                ("causality of reactions/r1",),
            ),
            (
                {"reactions": reaction(term={"text": "Diarrhoea", "language": "en"})},
                ("new reaction", "expectedness of reactions/r1"),
            ),
        ],
        ids=["new", "serious", "died", "fatal", "better", "unrelated", "recoded"],
    )
    def test_names_what_changed(self, told: dict[str, Any], expected: tuple[str, ...]) -> None:
        assert changes(**told).hard == expected

    def test_the_same_reaction_under_another_number_is_none_new(self) -> None:
        again = [
            {"reaction_id": "r1", "void": "entered_in_error"},
            {"reaction_id": "r2", "term": {"text": "Pulmonary embolism", "language": "en"}},
        ]

        assert changes(reactions=again).hard == ()

    def test_a_second_one_of_the_same_term_is_new(self) -> None:
        second = [{"reaction_id": "r2", "term": {"text": "Pulmonary embolism", "language": "en"}}]

        assert changes(reactions=second).hard == ("new reaction",)

    def test_two_uncoded_reactions_are_two(self) -> None:
        strange = [{"reaction_id": "r2", "term": {"text": "xqzv wplk", "language": "en"}}]
        first = {"reactions": [BASE["reactions"][0] | {"term": {"text": "qqq", "language": "en"}}]}

        assert changes(first=first, reactions=strange).hard == ("new reaction",)


class TestMedical:
    @pytest.mark.parametrize(
        ("told", "expected"),
        [
            (
                {"reactions": reaction(onset={"value": "2026-02-20", "precision": "day"})},
                ("reactions/r1.onset",),
            ),
            ({"reactions": reaction(end={"value": "2026-03-01", "precision": "day"})}, ()),
            ({"reactions": reaction(country="DE")}, ()),
            ({"drugs": drug(action_taken="withdrawn")}, ("drugs/d1.action_taken",)),
            ({"drugs": drug(role="interacting")}, ("drugs/d1.role",)),
            ({"drugs": drug(name="Nexavar")}, ()),
            ({"drugs": drug(doses=[DOSE])}, ("drugs/d1/doses/1",)),
            (
                {
                    "drug_reactions": [
                        {"drug_id": "d1", "reaction_id": "r1", "rechallenge": "recurred"}
                    ]
                },
                ("drug_reactions/d1|r1.rechallenge",),
            ),
            (
                {"patient": {"death": {"date": {"value": "2026-03-05", "precision": "day"}}}},
                ("patient.death.date",),
            ),
            ({"patient": {"death": {"autopsy": "yes"}}}, ("patient.death.autopsy",)),
            ({"patient": {"initials": "XX"}}, ()),
            ({"narrative": "more was told"}, ()),
        ],
    )
    def test_names_the_field_that_changed(
        self, told: dict[str, Any], expected: tuple[str, ...]
    ) -> None:
        assert changes(**told).medical == expected

    def test_the_same_value_again_is_no_change(self) -> None:
        onset = BASE["reactions"][0]["onset"]

        assert changes(reactions=reaction(onset=onset), drugs=drug(role="suspect")).medical == ()

    def test_the_onset_of_a_new_reaction_is_part_of_it(self) -> None:
        new = {
            "reaction_id": "r2",
            "term": {"text": "Diarrhoea", "language": "en"},
            "onset": {"value": "2026-02", "precision": "month"},
        }

        assert changes(reactions=[new]).medical == ()

    def test_a_dose_that_changes_counts_and_one_told_again_does_not(self) -> None:
        first = {"drugs": [DRUG | {"doses": [DOSE]}]}
        longer = DOSE | {"end": {"value": "2026-02", "precision": "month"}}

        assert changes(first=first, drugs=drug(doses=[longer])).medical == ("drugs/d1/doses/1",)
        assert changes(first=first, drugs=drug(doses=[DOSE])).medical == ()
