"""Code lists and elements of the standard, in both directions."""

import re

import pytest

from schemas.icsr import vocabulary
from schemas.icsr.elements import load_elements
from schemas.icsr.vocabulary import (
    ACTIONS,
    CRITERIA,
    DRUG_ROLES,
    OUTCOMES,
    RECHALLENGES,
    TERMINOLOGIES,
    TERMINOLOGY_OIDS,
    CodeList,
    Observation,
)
from schemas.vocabulary import ActionTaken, Criterion, DrugRole, NullFlavor, Outcome, Rechallenge

LISTS = [each for each in vars(vocabulary).values() if isinstance(each, CodeList)]


class TestCodeList:
    @pytest.mark.parametrize("codes", LISTS, ids=lambda codes: codes.oid)
    def test_every_code_comes_back_from_its_value(self, codes: CodeList[object]) -> None:
        assert {code: codes.code_of(value) for code, value in codes.values.items()} == {
            code: code for code in codes.values
        }

    @pytest.mark.parametrize(
        ("codes", "published"),
        [
            # ICH E2B(R3) G.k.8, E.i.7 and G.k.9.i.4 (regulatory facts 3.4)
            (
                ACTIONS,
                {
                    "0": ActionTaken.UNKNOWN,
                    "1": ActionTaken.WITHDRAWN,
                    "2": ActionTaken.REDUCED,
                    "3": ActionTaken.INCREASED,
                    "4": ActionTaken.NOT_CHANGED,
                    "9": ActionTaken.NOT_APPLICABLE,
                },
            ),
            (
                OUTCOMES,
                {
                    "0": Outcome.UNKNOWN,
                    "1": Outcome.RECOVERED,
                    "2": Outcome.RECOVERING,
                    "3": Outcome.NOT_RECOVERED,
                    "4": Outcome.SEQUELAE,
                    "5": Outcome.FATAL,
                },
            ),
            (
                RECHALLENGES,
                {
                    "1": Rechallenge.RECURRED,
                    "2": Rechallenge.DID_NOT_RECUR,
                    "3": Rechallenge.OUTCOME_UNKNOWN,
                    "4": Rechallenge.NOT_DONE,
                },
            ),
        ],
        ids=["G.k.8", "E.i.7", "G.k.9.i.4"],
    )
    def test_codes_mean_what_the_standard_says(
        self, codes: CodeList[object], published: dict[str, object]
    ) -> None:
        assert dict(codes.values) == published

    def test_every_value_of_a_vocabulary_can_be_sent(self) -> None:
        assert {ACTIONS.code_of(action) for action in ActionTaken} == set("012349")
        assert {OUTCOMES.code_of(outcome) for outcome in Outcome} == set("012345")
        assert {DRUG_ROLES.code_of(role) for role in DrugRole} == set("1234")

    def test_an_interruption_is_sent_as_a_withdrawal(self) -> None:
        assert ACTIONS.code_of(ActionTaken.INTERRUPTED) == "1"
        assert ACTIONS.values["1"] is ActionTaken.WITHDRAWN

    def test_a_value_of_another_list_has_no_code(self) -> None:
        with pytest.raises(KeyError):
            ACTIONS.code_of(Outcome.FATAL)

    def test_no_two_lists_have_the_same_oid(self) -> None:
        assert len({codes.oid for codes in LISTS}) == len(LISTS)


class TestTerminologies:
    def test_a_name_leads_back_to_its_oid(self) -> None:
        assert {TERMINOLOGY_OIDS[name]: name for name in TERMINOLOGIES.values()} == TERMINOLOGIES


class TestCriteria:
    def test_the_six_are_in_the_order_of_the_standard(self) -> None:
        assert [criterion for _, criterion in CRITERIA.values()] == list(Criterion)
        assert list(CRITERIA) == ["a", "b", "c", "d", "e", "f"]
        assert [code for code, _ in CRITERIA.values()] == ["34", "21", "33", "35", "12", "26"]


class TestObservation:
    def test_the_list_has_39_codes_each_once(self) -> None:
        codes = [code for name, code in vars(Observation).items() if name.isupper()]

        assert sorted(map(int, codes)) == list(range(1, 40))


class TestLoadElements:
    def test_all_elements_of_the_sheet_are_there(self) -> None:
        assert len(load_elements()) == 242

    @pytest.mark.parametrize(
        ("number", "length", "conformance", "flavors"),
        [
            ("C.1.1", 100, "mandatory", set()),
            ("C.1.7", None, "mandatory", {NullFlavor.NI}),
            ("D.1", 60, "mandatory", {"MSK", "UNK", "ASKU", "NASK"}),
            ("E.i.1.1a", 250, "optional", set()),
            ("E.i.3.2a", None, "mandatory", {NullFlavor.NI}),
            ("F.r.1", None, "conditional", {NullFlavor.UNK}),
            ("F.r.3.2", 50, "conditional", set()),
            ("H.1", 100_000, "mandatory", set()),
        ],
    )
    def test_they_have_limits_and_flavours(
        self, number: str, length: int | None, conformance: str, flavors: set[str]
    ) -> None:
        element = load_elements()[number]

        assert (element.max_length, element.conformance) == (length, conformance)
        assert element.null_flavors == flavors

    def test_every_element_that_is_not_a_heading_has_a_path(self) -> None:
        headings = {e.number for e in load_elements().values() if not e.conformance}

        assert all(
            e.path for e in load_elements().values() if e.number not in headings | {"G.k.9.i.1"}
        )
        assert all(re.fullmatch(r"[A-Z](\.[0-9a-z]+)+", number) for number in load_elements())
