"""
What is proposed to the sponsor's assessor.

Categories are those of WHO-UMC (regulatory facts 3.1), applied by hand to each case; "certain" is
left to a person.
"""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.causality.answers import read_answer
from safety.causality.challenge import DechallengeFinding, RechallengeFinding
from safety.causality.days import DayCount
from safety.causality.evidence import Evidence
from safety.causality.proposal import Proposal, propose_causality
from schemas.vocabulary import Rechallenge

NOT_DONE = RechallengeFinding(Rechallenge.NOT_DONE, "")
PLAIN = Evidence(
    drug="drugs/d1",
    reaction="reactions/r1",
    from_first=DayCount(28, 28),
    from_last=DayCount(0, 0),
    washout_days=10,
    dechallenge=DechallengeFinding("unknown", "not told"),
    rechallenge=NOT_DONE,
    unexpected={},
    interactions={},
)
POSITIVE = DechallengeFinding("positive", "abated")
RECURRED = RechallengeFinding(Rechallenge.RECURRED, "began again")
LATE = DayCount(40, 40)  # days after the last dose: the drug is gone after 10


def sides(proposal: Proposal) -> dict[str, list[str]]:
    return {
        "for": [argument.code for argument in proposal.for_],
        "against": [argument.code for argument in proposal.against],
        "open": [argument.code for argument in proposal.open],
    }


class TestCategory:
    @pytest.mark.parametrize(
        ("change", "category"),
        [
            ({}, "possible"),
            ({"dechallenge": POSITIVE}, "probable"),
            ({"dechallenge": replace(POSITIVE, confounded=True)}, "possible"),
            ({"dechallenge": POSITIVE, "other_drugs": ("drugs/d2",)}, "possible"),
            ({"dechallenge": POSITIVE, "same_before": ("patient/history/1",)}, "possible"),
            ({"dechallenge": POSITIVE, "interactions": {"drugs/d2": "raises_other"}}, "possible"),
            ({"dechallenge": POSITIVE, "interactions": {"drugs/d2": "adds_risk"}}, "probable"),
            ({"rechallenge": RECURRED, "other_drugs": ("drugs/d2",)}, "probable"),
            ({"from_first": DayCount(-3, -1), "rechallenge": RECURRED}, "unlikely"),
            ({"from_first": DayCount(-3, 0)}, "conditional"),
            ({"from_first": None}, "conditional"),
            ({"from_last": LATE}, "possible"),
            ({"from_last": LATE, "other_drugs": ("drugs/d2",)}, "unlikely"),
            ({"from_last": DayCount(5, 40), "other_drugs": ("drugs/d2",)}, "possible"),
            ({"from_last": DayCount(10, 10), "blamed_drugs": ("relatedness/x",)}, "possible"),
            # listedness and assessors decide nothing
            ({"unexpected": {"EU": True}}, "possible"),
            ({"believers": ("relatedness/x",)}, "possible"),
        ],
    )
    def test_the_first_line_that_applies_decides(
        self, change: dict[str, Any], category: str
    ) -> None:
        assert propose_causality(replace(PLAIN, **change)).category == category

    def test_it_is_marked_as_a_proposal(self) -> None:
        proposal = propose_causality(PLAIN)

        assert proposal.method == "proposal"
        # read as an assessor's answer, its category keeps its meaning
        assert read_answer("WHO-UMC", proposal.category).related is True

    @given(
        dechallenge=st.sampled_from(
            (POSITIVE, PLAIN.dechallenge, DechallengeFinding("negative", "persists"))
        ),
        rechallenge=st.sampled_from((NOT_DONE, RECURRED)),
        first=st.integers(-5, 100),
        last=st.integers(0, 60),
    )
    def test_another_explanation_never_makes_it_likelier(
        self,
        dechallenge: DechallengeFinding,
        rechallenge: RechallengeFinding,
        first: int,
        last: int,
    ) -> None:
        order = ["unlikely", "conditional", "possible", "probable"]
        alone = replace(
            PLAIN,
            dechallenge=dechallenge,
            rechallenge=rechallenge,
            from_first=DayCount(first, first),
            from_last=DayCount(last, last),
        )
        explained = replace(alone, other_drugs=("drugs/d2",))

        assert order.index(propose_causality(explained).category) <= order.index(
            propose_causality(alone).category
        )


class TestArguments:
    @pytest.mark.parametrize(
        ("change", "side", "code"),
        [
            ({}, "for", "time"),
            ({"from_first": DayCount(-9, -1)}, "against", "time"),
            ({"from_first": DayCount(-1, 9)}, "open", "time"),
            ({"from_first": None}, "open", "time"),
            ({"from_last": LATE}, "against", "time"),
            ({"from_last": DayCount(5, 40)}, "open", "time"),
            ({"from_last": None}, "open", "time"),
            ({"dechallenge": POSITIVE}, "for", "dechallenge"),
            ({"dechallenge": replace(POSITIVE, confounded=True)}, "open", "dechallenge"),
            ({"dechallenge": DechallengeFinding("negative", "")}, "against", "dechallenge"),
            ({"dechallenge": DechallengeFinding("unknown", "")}, "open", "dechallenge"),
            (
                {
                    "dechallenge": DechallengeFinding("not_applicable", ""),
                    "abated_on_drug": True,
                },
                "against",
                "dechallenge",
            ),
            ({"rechallenge": RECURRED}, "for", "rechallenge"),
            (
                {"rechallenge": RechallengeFinding(Rechallenge.DID_NOT_RECUR, "")},
                "against",
                "rechallenge",
            ),
            (
                # facts 3.4: at a lower dose, no recurrence is weak
                {"rechallenge": RechallengeFinding(Rechallenge.DID_NOT_RECUR, "", True)},  # noqa: FBT003
                "open",
                "rechallenge",
            ),
            (
                {"rechallenge": RechallengeFinding(Rechallenge.OUTCOME_UNKNOWN, "")},
                "open",
                "rechallenge",
            ),
            ({"reported_rechallenge": "recurred"}, "open", "rechallenge"),
            ({"unexpected": {"EU": False}}, "for", "listedness"),
            ({"unexpected": {"EU": True}}, "against", "listedness"),
            ({"unexpected": {"EU": None}}, "open", "listedness"),
            ({"believers": ("p",)}, "for", "assessor"),
            ({"same_on_drug": ("p",)}, "for", "same_on_drug"),
            ({"other_drugs": ("p",)}, "against", "other_drug"),
            ({"blamed_drugs": ("p",)}, "against", "blamed_drug"),
            ({"same_before": ("p",)}, "against", "same_before"),
            ({"conditions": ("p",)}, "open", "condition"),
            ({"interactions": {"p": "lowers_product"}}, "against", "interaction"),
            ({"interactions": {"p": "raises_other"}}, "against", "interaction"),
            ({"interactions": {"p": "adds_risk"}}, "open", "interaction"),
        ],
    )
    def test_each_fact_stands_on_its_side(
        self, change: dict[str, Any], side: str, code: str
    ) -> None:
        told = sides(propose_causality(replace(PLAIN, **change)))

        assert code in told[side]
        assert all(code not in codes for name, codes in told.items() if name != side)

    def test_a_case_that_says_nothing_more_has_only_time_and_what_is_open(self) -> None:
        silent = replace(PLAIN, dechallenge=DechallengeFinding("not_applicable", ""))

        assert sides(propose_causality(silent)) == {"for": ["time"], "against": [], "open": []}

    def test_labels_that_disagree_speak_on_both_sides(self) -> None:
        proposal = propose_causality(replace(PLAIN, unexpected={"US": True, "EU": False}))

        assert "EU" in proposal.for_[-1].text
        assert "US" in proposal.against[-1].text

    def test_days_are_told_as_far_as_they_are_known(self) -> None:
        exact = propose_causality(PLAIN)
        ranged = propose_causality(replace(PLAIN, from_first=DayCount(10, 40)))

        assert "28 days after the first dose" in exact.for_[0].text
        assert "10 to 40 days after the first dose" in ranged.for_[0].text
