"""What changed between two versions: field names in words, what it was and what it is."""

from reports.narrative import validate_narrative
from tests.support.reports import follow_up, report
from tests.unit.reports.narrative.cases import day, dose, drug, reaction, state_of, tell


class TestChanges:
    def test_lists_every_changed_field_with_both_values(self) -> None:
        first = report(
            patient={"sex": "male", "weight_kg": "64"},
            drugs=[drug(action_taken="interrupted")],
            reactions=[reaction(outcome="not_recovered")],
        )
        later = follow_up(
            patient={"weight_kg": {"null": "ASKU"}},
            drugs=[{"drug_id": "d1", "action_taken": "withdrawn", "doses": [dose()]}],
            reactions=[
                {
                    "reaction_id": "r1",
                    "outcome": "recovered",
                    "end": day("2026-03"),
                    "medically_confirmed": True,
                }
            ],
        )

        narrative = tell(first, later, since=(1, state_of(first)))

        assert validate_narrative(narrative, state_of(first, later)) == ()
        assert narrative.changes is not None
        assert narrative.changes.title == "Changes since version 1"
        assert [sentence.text for sentence in narrative.changes.sentences] == [
            'For the subject, the weight in kg: "64" → asked for but remained unknown.',
            'For "diarrhoea", the end date: empty → March 2026.',
            'For "diarrhoea", the medical confirmation: empty → yes.',
            'For "diarrhoea", the outcome: not recovered → recovered.',
            "For sorafenib, the action taken: interrupted → withdrawn.",
            "New: the dosing of sorafenib as 400 mg twice daily.",
        ]

    def test_each_names_the_field_of_both_versions(self) -> None:
        first = report(reactions=[reaction(outcome="not_recovered")])
        later = follow_up(reactions=[{"reaction_id": "r1", "outcome": "recovered"}])

        narrative = tell(first, later, since=(1, state_of(first)))

        assert narrative.changes is not None
        assert {"reactions/r1.outcome", "version/1/reactions/r1.outcome"} <= set(
            narrative.changes.sentences[0].sources
        )

    def test_nothing_changed_gives_no_list(self) -> None:
        case = report()

        assert tell(case, since=(1, state_of(case))).changes is None
        assert tell(case).changes is None
