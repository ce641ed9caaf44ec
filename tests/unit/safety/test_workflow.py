"""How far the office has come with a case, and what may follow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.workflow import (
    CONTENT,
    MOVES,
    Stage,
    Standing,
    derive_content_digest,
    derive_stage,
    derive_standing,
    explain_out_of_sequence,
    read_signatures,
)

SAYS = {"reactions/r1": {"term.text": "腹泻"}}


def signature(digest: str) -> dict[str, dict[str, str]]:
    return {
        "signatures/s1": {
            "by": "approver",
            "full_name": "Wang Fang",
            "at": "2014-05-22T11:00:00+08:00",
            "meaning": "approved",
            "content_digest": digest,
        }
    }


class TestDeriveStage:
    def test_a_case_nobody_touched_is_new_and_has_no_owner(self) -> None:
        assert derive_stage(SAYS) == (Stage.NEW, None)

    @pytest.mark.parametrize(
        ("state", "stage"),
        [
            ("accept", Stage.ACCEPTED),
            ("review", Stage.REVIEWED),
            ("approve", Stage.APPROVED),
            ("lock", Stage.LOCKED),
            ("reopen", Stage.ACCEPTED),
        ],
    )
    def test_follows_the_last_move(self, state: str, stage: Stage) -> None:
        told = {"workflow": {"state": state, "assignee": "processor"}}

        assert derive_stage(told) == (stage, "processor")


class TestExplainOutOfSequence:
    # What may be done at which stage, written out by hand; all else is refused.
    @pytest.mark.parametrize(
        ("stage", "allowed"),
        [
            (Stage.NEW, {"accept", "assign", "recode", "nullify"}),
            (Stage.ACCEPTED, {"review", "assign", "recode", "nullify"}),
            (Stage.REVIEWED, {"approve", "reopen", "assign", "recode", "sign", "nullify"}),
            (Stage.APPROVED, {"lock", "reopen", "assign", "sign", "nullify"}),
            (Stage.LOCKED, {"reopen", "sign", "nullify"}),
        ],
    )
    def test_each_stage_allows_what_can_follow(self, stage: Stage, allowed: set[str]) -> None:
        kinds = {*MOVES, "assign", "recode", "sign", "nullify"}

        open_now = {k for k in kinds if explain_out_of_sequence(k, Standing(stage, None)) is None}

        assert open_now == allowed

    @pytest.mark.parametrize("kind", sorted({*MOVES, *CONTENT, "sign", "assign"}))
    def test_a_void_case_allows_nothing(self, kind: str) -> None:
        standing = Standing(Stage.ACCEPTED, "processor", void="nullified")

        assert explain_out_of_sequence(kind, standing) == (
            "the case is nullified: nothing more can be decided about it"
        )

    def test_the_sentence_says_what_is_wanted(self) -> None:
        sentence = explain_out_of_sequence("approve", Standing(Stage.NEW, None))

        assert sentence == "the case is new; it can be approved only when it is reviewed"


class TestSignatures:
    def test_is_valid_while_the_case_says_what_was_signed(self) -> None:
        signed = SAYS | signature(derive_content_digest(SAYS))

        assert [each.valid for each in read_signatures(signed)] == [True]
        assert derive_standing(signed, "valid").signed

    def test_is_void_as_soon_as_the_case_says_something_else(self) -> None:
        changed = {"reactions/r1": {"term.text": "便秘"}} | signature(derive_content_digest(SAYS))

        assert [each.valid for each in read_signatures(changed)] == [False]
        assert not derive_standing(changed, "valid").signed

    @given(
        st.sampled_from(["workflow", "signatures/s2", "queries/q1", "submissions/g1"]),
        st.dictionaries(st.text(max_size=5), st.text(max_size=5)),
    )
    def test_what_the_office_notes_of_its_own_work_voids_nothing(
        self, path: str, told: dict[str, str]
    ) -> None:
        assert derive_content_digest({**SAYS, path: told}) == derive_content_digest(SAYS)
