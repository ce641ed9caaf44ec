"""
Alerts by mail and webhook, on servers of the loopback.

The store holds one case of 2014 whose six initial reports are due on 22 May; looked at on 16 May,
each raises one alert that is due soon.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import orjson
import pytest
from pydantic import SecretStr

from consumers import deliveries
from consumers.backfill import process_records
from consumers.deliveries import deliver
from consumers.mail import MailChannel
from consumers.settings import SettingsError, load_settings
from consumers.watch import look_once
from consumers.webhook import WebhookChannel, sign
from consumers.wiring import build_channels
from safety.alerts import Thresholds
from safety.store import SqlStore, migrate, open_store
from schemas.topics import ADVERSE_EVENTS
from tests.store.test_listing import report
from tests.support.decisions import knowledge
from tests.support.listening import Inbox, mail_server, web_server

SECRET = "a secret of tests, long enough"  # noqa: S105 - of tests
NOW = datetime(2014, 5, 16, 9, tzinfo=UTC)
RECIPIENTS = {"EVPM", "FDA", "HC", "national_adr_system", "PMDA"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    migrate(url)
    opened = open_store(url)
    tally = process_records([report("A")], opened, knowledge(), clock=lambda: NOW)
    assert tally[ADVERSE_EVENTS.name].accepted == 1
    thresholds = Thresholds(due_soon=(7,), overdue=(), undecided=())
    assert len(look_once(opened, thresholds, today=date(2014, 5, 16), now=NOW)) == len(RECIPIENTS)
    yield opened
    opened.close()


@pytest.fixture
def web() -> Iterator[Inbox]:
    with web_server() as inbox:
        yield inbox


@pytest.fixture
def mail() -> Iterator[Inbox]:
    with mail_server() as inbox:
        yield inbox


def webhook(inbox: Inbox, path: str = "/alerts") -> WebhookChannel:
    return WebhookChannel(f"http://127.0.0.1:{inbox.port}{path}", SECRET, clock=lambda: NOW)


def mailbox(inbox: Inbox) -> MailChannel:
    return MailChannel("127.0.0.1", inbox.port, "none", "watch@example.org", ("pv@example.org",))


def send(
    store: SqlStore,
    channel: WebhookChannel | MailChannel,
    *,
    pauses: list[float] | None = None,
    later: timedelta = timedelta(),
    ending: bool = False,
) -> int:
    def pause(seconds: float) -> bool:
        if pauses is not None:
            pauses.append(seconds)
        return ending

    return deliver(store, [channel], clock=lambda: NOW + later, pause=pause)


class TestWebhook:
    def test_posts_each_alert_once_however_often_it_looks(
        self, store: SqlStore, web: Inbox
    ) -> None:
        assert send(store, webhook(web)) == len(RECIPIENTS)
        assert send(store, webhook(web)) == 0

        told = [orjson.loads(body)["data"] for _, body in web.got]
        assert {each["kind"] for each in told} == {"due_soon"}
        assert {each["text"].split(" to ")[1].split(" ")[0] for each in told} == RECIPIENTS
        ids = [headers["Safety-Delivery"] for headers, _ in web.got]
        assert ids == [each["alert_id"] for each in told]

    def test_is_signed_over_timestamp_and_body(self, store: SqlStore, web: Inbox) -> None:
        send(store, webhook(web))
        headers, body = web.got[0]

        timestamp = headers["Safety-Timestamp"]
        assert timestamp == "1400230800"  # 2014-05-16 09:00 UTC
        signed = timestamp.encode() + b"." + body
        mac = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
        assert headers["Safety-Signature"] == f"v1={mac}"
        assert sign(SECRET, "1400230801", body) != headers["Safety-Signature"]
        assert sign(SECRET, timestamp, body + b" ") != headers["Safety-Signature"]

    def test_is_the_signature_that_openssl_makes(self) -> None:
        # printf '1.{}' | openssl dgst -sha256 -hmac key
        assert sign("key", "1", b"{}") == (
            "v1=1ba6b8171186efc613e8bcc0cbdab2748f24984d7c5a84faa2637afa0e40d224"
        )

    def test_says_nothing_of_the_patient_in_url_headers_or_body(
        self, store: SqlStore, web: Inbox
    ) -> None:
        send(store, webhook(web))

        everything = repr(web.got).lower()
        assert "embolism" not in everything
        assert "narrative" not in everything

    def test_is_tried_again_after_growing_pauses(self, store: SqlStore, web: Inbox) -> None:
        web.answers = [500, 429, 503]
        pauses: list[float] = []

        assert send(store, webhook(web), pauses=pauses) == len(RECIPIENTS)
        assert pauses == [1, 2, 4]
        assert len({headers["Safety-Delivery"] for headers, _ in web.got}) == len(RECIPIENTS)

    def test_what_is_not_taken_waits_for_the_next_look(self, store: SqlStore, web: Inbox) -> None:
        web.answers = [500] * 4

        assert send(store, webhook(web)) == 0
        assert send(store, webhook(web)) == len(RECIPIENTS)

    def test_a_redirect_is_not_followed(self, store: SqlStore, web: Inbox) -> None:
        web.answers = [302] * 4

        assert send(store, webhook(web)) == 0
        assert len(web.got) == 4

    def test_nobody_who_answers_is_tried_again_and_left(self, store: SqlStore) -> None:
        with web_server() as gone:
            channel = webhook(gone)
        pauses: list[float] = []

        assert send(store, channel, pauses=pauses) == 0
        assert pauses == [1, 2, 4]

    def test_an_end_of_the_process_ends_the_attempts(self, store: SqlStore, web: Inbox) -> None:
        web.answers = [500] * 4

        assert send(store, webhook(web), ending=True) == 0
        assert len(web.got) == 1

    def test_killed_between_sending_and_noting_it_is_sent_again_with_the_same_id(
        self, store: SqlStore, web: Inbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with monkeypatch.context() as dying:
            dying.setattr(deliveries, "record_deliveries", _die)
            with pytest.raises(KeyboardInterrupt):
                send(store, webhook(web))
        first = web.got[0][0]["Safety-Delivery"]

        assert send(store, webhook(web)) == len(RECIPIENTS)
        ids = [headers["Safety-Delivery"] for headers, _ in web.got]
        assert ids.count(first) == 2
        assert len(set(ids)) == len(RECIPIENTS)

    def test_old_news_is_left_alone(self, store: SqlStore, web: Inbox) -> None:
        assert send(store, webhook(web), later=timedelta(days=3, seconds=1)) == 0
        assert send(store, webhook(web), later=timedelta(days=3)) == len(RECIPIENTS)

    def test_does_not_show_its_secret(self, web: Inbox) -> None:
        assert SECRET not in repr(webhook(web))


class TestMail:
    def test_sends_one_message_with_all_alerts(self, store: SqlStore, mail: Inbox) -> None:
        assert send(store, mailbox(mail)) == len(RECIPIENTS)
        assert send(store, mailbox(mail)) == 0

        ((_, content),) = mail.got
        message = message_from_bytes(content, policy=default)
        assert message["Subject"] == f"Duties to report: {len(RECIPIENTS)} due soon"
        assert (message["From"], message["To"]) == ("watch@example.org", "pv@example.org")
        text = str(message.get_content())
        assert "initial to EVPM (EU-4) is due 2014-05-22: 6 days" in text
        assert text.count("case EDC:A   [synthetic]") == len(RECIPIENTS)
        assert "embolism" not in text.lower()

    def test_the_other_channel_has_its_own_notes(
        self, store: SqlStore, mail: Inbox, web: Inbox
    ) -> None:
        send(store, mailbox(mail))

        assert send(store, webhook(web)) == len(RECIPIENTS)

    def test_a_server_that_does_not_take_it_is_tried_again(
        self, store: SqlStore, mail: Inbox
    ) -> None:
        mail.answers = [451, 451]
        pauses: list[float] = []

        assert send(store, mailbox(mail), pauses=pauses) == len(RECIPIENTS)
        assert pauses == [1, 2]

    def test_sent_again_it_has_the_same_message_id(self, store: SqlStore, mail: Inbox) -> None:
        mail.answers = [451]
        send(store, mailbox(mail))

        ids = {message_from_bytes(content)["Message-ID"] for _, content in mail.got}
        assert (len(mail.got), len(ids)) == (2, 1)


class TestSettings:
    @pytest.fixture(autouse=True)
    def plain(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("MAIL_HOST", "WEBHOOK_URL", "WEBHOOK_SECRET"):
            monkeypatch.delenv(f"SAFETY_{name}", raising=False)

    def test_without_them_nothing_is_sent(self) -> None:
        assert build_channels(load_settings()) == ()

    def test_a_whole_set_gives_both_ways(self) -> None:
        settings = load_settings(
            mail_host="localhost",
            mail_from="a@example.org",
            mail_to="b@example.org, c@example.org",
            webhook_url="https://example.org/alerts",
            webhook_secret=SecretStr(SECRET),
        )

        mail, _ = build_channels(settings)
        assert isinstance(mail, MailChannel)
        assert mail.recipients == ("b@example.org", "c@example.org")

    @pytest.mark.parametrize(
        ("changes", "named"),
        [
            ({"mail_host": "localhost"}, "SAFETY_MAIL_FROM"),
            ({"mail_to": "nobody"}, "SAFETY_MAIL_TO"),
            ({"mail_from": "a b@example.org"}, "SAFETY_MAIL_FROM"),
            ({"webhook_url": "https://example.org"}, "SAFETY_WEBHOOK_SECRET"),
            ({"webhook_url": "http://example.org/"}, "SAFETY_WEBHOOK_URL"),
            ({"webhook_url": "file:///etc/hosts"}, "SAFETY_WEBHOOK_URL"),
            ({"webhook_secret": "short"}, "SAFETY_WEBHOOK_SECRET"),
            (
                {
                    "mail_host": "x",
                    "mail_from": "a@b",
                    "mail_to": "a@b",
                    "mail_username": "u",
                    "mail_security": "none",
                },
                "SAFETY_MAIL_SECURITY",
            ),
        ],
    )
    def test_a_part_or_a_wrong_one_is_named(self, changes: dict[str, Any], named: str) -> None:
        with pytest.raises(SettingsError, match=named):
            build_channels(load_settings(**changes))


def _die(*_: Any, **__: Any) -> Callable[..., None]:
    raise KeyboardInterrupt
