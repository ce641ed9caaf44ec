"""Decisions: in sequence, with a reason, by those who may; nothing overwritten, nothing lost."""

import re
from html import unescape

import orjson
import pytest

from consumers.backfill import process_records
from consumers.handlers import Record
from consumers.replay import replay
from safety.store import SqlStore
from safety.store.audit import audit_entries
from safety.store.queries import load_version, unpublished
from safety.store.queue import Asked, find_case, list_queue
from safety.store.queue_row import QueueRow, ref_of
from schemas.topics import ADVERSE_EVENTS
from tests.support.decisions import knowledge
from tests.support.duplicates import EDC, reported
from tests.unit.desk.cli.conftest import INITIAL
from tests.unit.desk.web.conftest import AS_OF, PASSWORD, Browser, Browsers


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


@pytest.fixture
def about(store: SqlStore, first: QueueRow) -> dict[str, str]:
    """Name a drug and a reaction of the first case, as the forms of the scales do."""
    version = load_version(store, first.case_id)
    assert version is not None
    drugs = [path for path in version.state if re.fullmatch("drugs/[^/]+", path)]
    drug = min(drugs).removeprefix("drugs/")
    return {"drug": drug, "reaction": first.reaction or "", "reason": "from the file"}


class TestRememberedWords:
    def test_stand_for_the_term_in_what_comes_later_and_is_decided_later(
        self, signed_in: Browsers, store: SqlStore
    ) -> None:
        words, other = "血栓堵了肺", {"sender": "EDC", "sender_case_id": "77"}
        told = [{"reaction_id": "r1", "term": {"text": words, "language": "zh"}}]
        process_records([reported("a", reactions=told)], store, knowledge())
        (row,) = [each for each in rows(store) if each.case_id == EDC]
        browser = signed_in("processor")

        status, _ = browser.decide(
            row,
            "recode",
            reaction="r1",
            term="Thromboembolic event",
            remember="yes",
            reason="as the site meant it",
        )

        assert status == 303
        with store.transaction() as transaction:
            [entry] = transaction.learned(after=0)
        assert (entry.text, entry.term, entry.by) == (words, "Thromboembolic event", "processor")
        process_records([reported("b", {"case": other}, reactions=told)], store, knowledge())
        (later,) = [each for each in rows(store) if each.case_id == "EDC:77"]
        assert later.term == "Thromboembolic event"
        assert browser.decide(later, "accept")[0] == 303
        assert again(store, later).term == "Thromboembolic event"
        assert (
            replay(
                store, knowledge(), on_difference=lambda found: pytest.fail(str(found))
            ).differences
            == 0
        )

    def test_are_not_remembered_unless_asked_for(
        self, signed_in: Browsers, store: SqlStore, first: QueueRow
    ) -> None:
        told = {"reaction": first.reaction or "", "reason": "read it again"}
        signed_in("processor").decide(first, "recode", term="Nausea", **told)

        with store.transaction() as transaction:
            assert transaction.learned(after=0) == ()


class TestScales:
    def test_a_naranjo_form_is_kept_and_scored(
        self, signed_in: Browsers, first: QueueRow, about: dict[str, str]
    ) -> None:
        browser = signed_in("reviewer")
        # +2 after the drug, +2 no other cause, +1 objective: 5, probable (Naranjo 1981)
        told = {"q2": "yes", "q5": "no", "q10": "yes"}

        status, _ = browser.decide(first, "answer_naranjo", **told, **about)

        assert status == 303
        page = browser.get(f"/case/{first.ref}")[1]
        assert re.search(r"<td>5<span class=\"second\">probable</span></td>", page)
        assert "<td>索拉非尼片</td><td>Palmar-plantar" in page

    def test_a_rucam_form_below_its_entry_says_what_is_missing(
        self, signed_in: Browsers, first: QueueRow, about: dict[str, str]
    ) -> None:
        browser = signed_in("reviewer")
        told = {"alt_times_uln": "2.0", "alp_times_uln": "1", "cause_hbv": "ruled_out"}

        status, _ = browser.decide(first, "answer_rucam", **told, **about)

        assert status == 303
        assert "RUCAM:" in browser.get(f"/case/{first.ref}")[1]

    @pytest.mark.parametrize(
        ("kind", "told", "sentence"),
        [
            ("answer_rucam", {"alt_times_uln": "many"}, "a multiple of the limit is a number"),
            ("answer_rucam", {"alt_times_uln": "1e999999"}, "alt_times_uln"),
            ("answer_naranjo", {"q2": "perhaps"}, "q2"),
            ("answer_naranjo", {"drug": "d99"}, "the case has no such drug"),
            ("plan_admission", {"planned": "holiday"}, "planned"),
        ],
    )
    def test_what_the_form_does_not_offer_is_refused(
        self,
        kind: str,
        told: dict[str, str],
        sentence: str,
        signed_in: Browsers,
        store: SqlStore,
        first: QueueRow,
        about: dict[str, str],
    ) -> None:
        status, text = signed_in("reviewer").decide(first, kind, **{**about, **told})

        assert status in {409, 422}
        assert sentence in text
        assert again(store, first).version == first.version

    def test_a_planned_admission_ends_the_seriousness_it_gave_and_can_be_taken_back(
        self, signed_in: Browsers, store: SqlStore
    ) -> None:
        told = [
            {
                "reaction_id": "r1",
                "term": {"text": "Diarrhoea", "language": "en"},
                "seriousness": {"hospitalisation": True},
            }
        ]
        process_records([reported("a", reactions=told)], store, knowledge())
        (row,) = [each for each in rows(store) if each.case_id == EDC]
        browser = signed_in("processor")
        told_of = {"reaction": "r1", "reason": "TACE had been booked"}

        assert (
            browser.decide(row, "plan_admission", planned="planned_treatment", **told_of)[0] == 303
        )
        assert serious(store) is False
        assert browser.decide(again(store, row), "plan_admission", planned="", **told_of)[0] == 303
        assert serious(store) is True

    def test_are_not_filled_in_by_those_who_may_not(
        self, signed_in: Browsers, first: QueueRow, about: dict[str, str]
    ) -> None:
        status, _ = signed_in("processor").decide(first, "answer_naranjo", q2="yes", **about)

        assert status == 403


def rows(store: SqlStore) -> list[QueueRow]:
    """Give all rows of the queue."""
    return [each.row for each in list_queue(store, Asked(), user="", today=AS_OF, limit=500)]


def serious(store: SqlStore) -> bool:
    """Tell whether the reaction of the reported case is serious."""
    version = load_version(store, EDC)
    assert version is not None
    return bool(version.events[0]["serious"])
