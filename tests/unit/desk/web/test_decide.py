"""Decisions: in sequence, with a reason, by those who may; nothing overwritten, nothing lost."""

from html import unescape

import orjson
import pytest

from consumers.backfill import process_records
from consumers.handlers import Record
from safety.store import SqlStore
from safety.store.audit import audit_entries
from safety.store.queries import load_version, unpublished
from safety.store.queue import find_case
from safety.store.queue_row import QueueRow, ref_of
from schemas.topics import ADVERSE_EVENTS
from tests.support.decisions import knowledge
from tests.unit.desk.cli.conftest import INITIAL
from tests.unit.desk.web.conftest import PASSWORD, Browser, Browsers


def again(store: SqlStore, row: QueueRow) -> QueueRow:
    """Give the row of a case as it is now."""
    found = find_case(store, row.ref)
    assert found is not None
    return found.row


def bring(store: SqlStore, signed_in: Browsers, row: QueueRow, *kinds: str) -> QueueRow:
    """Move a case on, each step by somebody who may."""
    browser = signed_in("approver")
    for kind in kinds:
        fields = {"password": PASSWORD, "meaning": "approved"} if kind == "sign" else {}
        status, text = browser.decide(again(store, row), kind, **fields)
        assert status == 303, text
    return again(store, row)


class TestDecide:
    def test_accepting_gives_the_case_to_whoever_accepts(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        status, location = signed_in("processor").decide(first, "accept")

        assert (status, location) == (303, f"/case/{first.ref}?done=accept")
        now = again(store, first)
        assert (now.stage, now.owner, now.version) == ("accepted", "processor", first.version + 1)

    def test_what_changes_the_case_needs_a_reason(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        status, text = signed_in("processor").decide(
            first, "recode", reaction=first.reaction or "", term="Nausea"
        )

        assert status == 422
        assert "say why" in text
        assert again(store, first).version == first.version

    def test_out_of_sequence_is_refused_with_a_sentence(
        self, signed_in: Browsers, first: QueueRow
    ) -> None:
        status, text = signed_in("approver").decide(first, "approve")

        assert status == 409
        assert "the case is new; it can be approved only when it is reviewed" in text

    def test_the_second_person_is_told_what_the_first_changed(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        told = {"reaction": first.reaction or "", "reason": "read it again"}
        status, _ = signed_in("reviewer").decide(first, "recode", term="Nausea", **told)
        assert status == 303

        status, text = signed_in("processor").decide(first, "recode", term="Fatigue", **told)

        assert status == 409
        assert "you saw version" in text
        assert f"reactions/{first.reaction}.desk.term" in text
        assert "Nausea" in text
        assert "Fatigue" in text  # what the second wanted is kept
        assert again(store, first).term == "Nausea"

    def test_a_term_that_the_dictionary_does_not_have_is_refused(
        self, signed_in: Browsers, first: QueueRow
    ) -> None:
        status, text = signed_in("processor").decide(
            first, "recode", reaction=first.reaction or "", term="no such term", reason="because"
        )

        assert status == 422
        assert "the dictionary has no such term" in text

    def test_nothing_is_decided_about_a_case_that_was_nullified_meanwhile(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        status, _ = signed_in("approver").decide(
            first, "nullify", ground="never_valid", reason="no patient"
        )
        assert status == 303
        now = again(store, first)
        assert (now.stage, now.closed) == ("nullified", True)

        status, text = signed_in("processor").decide(now, "accept")

        assert status == 409
        assert "the case is nullified" in text

    def test_is_noted_in_the_audit_trail(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        signed_in("processor").decide(first, "accept")

        newest = audit_entries(store)[0]
        assert (newest.user, newest.act, newest.case_id) == ("processor", "decide", first.case_id)

    def test_the_same_message_is_published_and_known_when_it_comes_back(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        signed_in("processor").decide(first, "accept")
        [sent] = [m for m in unpublished(store, limit=5_000) if m.topic == ADVERSE_EVENTS.name]

        back = Record(sent.topic, 0, 7, sent.key, {}, sent.payload)
        tally = process_records([back], store, knowledge())[ADVERSE_EVENTS.name]

        assert (tally.accepted, tally.repeated, tally.quarantined) == (0, 1, 0)
        assert orjson.loads(sent.payload)["data"]["decided_by"] == "processor"


class TestUndo:
    def test_gives_back_what_was_before(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        browser = signed_in("processor")
        told = {"reaction": first.reaction or "", "reason": "read it again"}
        browser.decide(first, "recode", term="Nausea", **told)
        number = newest_message(browser, first)

        status, _ = browser.decide(again(store, first), "undo", message=number, reason="mistaken")

        assert status == 303
        assert again(store, first).term == first.term

    def test_is_refused_once_it_was_signed(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        told = {"reaction": first.reaction or "", "reason": "read it again"}
        browser = signed_in("approver")
        browser.decide(first, "recode", term="Nausea", **told)
        number = newest_message(browser, first)
        now = bring(store, signed_in, first, "accept", "review", "approve", "sign")

        status, text = browser.decide(now, "undo", message=number, reason="mistaken")

        assert status == 409
        assert "it was signed" in text


class TestSign:
    def test_asks_for_the_password_again(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        now = bring(store, signed_in, first, "accept", "review", "approve")

        status, text = signed_in("approver").decide(
            now,
            "sign",
            password="wrong",  # noqa: S106 - a wrong one
            meaning="approved",
        )

        assert status == 422
        assert "nothing was signed" in text
        assert "wrong</dd>" not in text  # what was typed as a password is not shown again

    def test_is_bound_to_what_the_case_says_and_void_on_change(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        bring(store, signed_in, first, "accept", "review", "approve", "sign")
        page = signed_in("viewer").get(f"/case/{first.ref}")[1]
        assert "Signed as approved by Approver Example" in page
        assert "void: the case has changed since" not in page

        now = again(store, first)
        browser = signed_in("approver")
        assert browser.decide(now, "reopen", reason="new fact")[0] == 303
        told = {"reaction": first.reaction or "", "reason": "read it again"}
        assert browser.decide(again(store, first), "recode", term="Nausea", **told)[0] == 303

        assert "void: the case has changed since" in browser.get(f"/case/{first.ref}")[1]

    def test_no_report_is_sent_before_it(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        now = bring(store, signed_in, first, "accept", "review", "approve")
        browser = signed_in("approver")
        duty = duty_of(store, now)

        refused = browser.decide(
            now, "record_submission", duty=duty, state="submitted", reason="sent by gateway"
        )
        now = bring(store, signed_in, now, "sign")
        taken = browser.decide(
            now, "record_submission", duty=duty, state="submitted", reason="sent by gateway"
        )

        assert refused[0] == 409
        assert "no valid signature" in unescape(refused[1])
        assert taken[0] == 303
        assert again(store, now).open_duties == now.open_duties - 1


class TestPages:
    @pytest.mark.parametrize(
        "page",
        [
            "",
            "/why",
            "/timeline",
            "/documents",
            "/versions",
            "/history",
            "/duplicates",
            "/source/1",
        ],
    )
    def test_every_view_of_a_case_is_noted(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow, page: str
    ) -> None:
        status, _ = signed_in("viewer").get(f"/case/{first.ref}{page}")

        assert status == 200
        newest = audit_entries(store)[0]
        assert newest.case_id == first.case_id
        assert newest.act.startswith("view")

    def test_script_in_what_a_reporter_wrote_stays_text(
        self, signed_in: Browsers, store: SqlStore
    ) -> None:
        hostile = "<script>alert(1)</script><img src=x onerror=alert(2)>"
        row = hostile_case(store, hostile)

        for path in ("/", f"/case/{row.ref}", f"/case/{row.ref}/versions", f"/rows?refs={row.ref}"):
            text = signed_in("viewer").get(path)[1]
            assert hostile not in text
            assert "<img" not in text

    def test_a_case_that_is_not_there_is_a_clear_page(self, signed_in: Browsers) -> None:
        status, text = signed_in("viewer").get("/case/0123456789abcdef")

        assert status == 404
        assert "there is no such case" in text


def newest_message(browser: Browser, row: QueueRow) -> str:
    """Give the number of the newest message of a case, as its page names it."""
    page = browser.get(f"/case/{row.ref}")[1]
    return str(page.count('<a href="?m='))


def duty_of(store: SqlStore, row: QueueRow) -> str:
    """Give the id of a duty of a case."""
    version = load_version(store, row.case_id)
    assert version is not None
    return str(version.trace["obligations"][0]["id"])


def hostile_case(store: SqlStore, verbatim: str) -> QueueRow:
    """Bring a case whose reporter wrote this."""
    event = orjson.loads(INITIAL.read_bytes())
    event["id"] = "hostile-1"
    event["data"]["case"] = {"sender": "EDC", "sender_case_id": "HOSTILE-1"}
    event["subject"] = "EDC:HOSTILE-1"
    event["data"]["reactions"][0]["term"] = {"text": verbatim, "language": "en"}
    record = Record(ADVERSE_EVENTS.name, -1, 0, event["subject"], {}, orjson.dumps(event))
    tally = process_records([record], store, knowledge())[ADVERSE_EVENTS.name]
    assert tally.accepted == 1, tally.reasons

    found = find_case(store, ref_of(event["subject"]))
    assert found is not None
    return found.row
