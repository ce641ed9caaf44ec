"""The watch beside a consumer: it looks at once, ends with it, and does not die unseen."""

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path
from threading import Event

import pytest

from consumers import watch
from consumers.backfill import process_records
from consumers.examples import packaged_examples
from consumers.input_files import read_records
from consumers.metrics import DUTIES, Metrics
from consumers.settings import Settings, SettingsError, load_settings
from consumers.watch import tell_standing, watching_beside
from safety.alerts import Thresholds
from safety.errors import TransientError
from safety.store import SqlStore, migrate, open_store
from tests.support.decisions import knowledge


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name in ("MAIL_HOST", "WEBHOOK_URL", "WATCH_SECONDS"):
        monkeypatch.delenv(f"SAFETY_{name}", raising=False)
    url = f"sqlite:///{tmp_path / 'safety.db'}"
    migrate(url)
    return load_settings(database_url=url)


class TestWatchingBeside:
    def test_looks_at_once_and_ends_with_the_block(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looked, ended = Event(), Event()
        monkeypatch.setattr(watch, "publish_alerts", lambda *_: looked.set())

        with watching_beside(settings, ended.set):
            assert looked.wait(30)

        assert not ended.is_set()

    def test_an_error_nobody_foresaw_ends_the_block_and_is_raised(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object) -> None:
            raise ZeroDivisionError

        ended = Event()
        monkeypatch.setattr(watch, "publish_alerts", fail)

        with pytest.raises(ZeroDivisionError), watching_beside(settings, ended.set):
            assert ended.wait(30)

    def test_a_database_that_is_away_is_asked_again_later(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looks: list[int] = []
        enough = Event()

        def away(*_: object, **__: object) -> None:
            looks.append(1)
            if len(looks) == 2:
                enough.set()
            raise TransientError("away")

        monkeypatch.setattr(watch, "look_once", away)
        quick = settings.model_copy(update={"watch_seconds": 0.01})

        with watching_beside(quick, Event().set):
            assert enough.wait(30)

    def test_a_wrong_setting_shows_before_anything_begins(self, settings: Settings) -> None:
        wrong = settings.model_copy(update={"mail_host": "localhost"})

        with pytest.raises(SettingsError), watching_beside(wrong, Event().set):
            pytest.fail("the block must not begin")


class TestTellStanding:
    """The serious report of 7 May 2014: every duty of its is due on 22 May, fifteen days later."""

    @pytest.fixture
    def store(self, settings: Settings) -> Iterator[SqlStore]:
        (path,) = (e.path for e in packaged_examples() if e.path.stem == "adverse-event.initial")
        with closing(open_store(settings.database_url.get_secret_value())) as store:
            process_records(read_records([path]), store, knowledge())
            yield store

    @pytest.mark.parametrize(
        ("today", "standing"),
        [
            (date(2014, 5, 14), "later"),
            (date(2014, 5, 15), "due_soon"),  # seven days left
            (date(2014, 5, 22), "due_soon"),  # the due day itself is on time
            (date(2014, 5, 23), "overdue"),
        ],
    )
    def test_counts_open_duties_by_authority(
        self, store: SqlStore, today: date, standing: str
    ) -> None:
        metrics = Metrics()

        tell_standing(store, Thresholds((7, 3), (1,), (5,)), metrics, today=today)

        told = {
            (sample.labels["authority"], sample.labels["standing"]): sample.value
            for family in metrics.registry.collect()
            for sample in family.samples
            if sample.name == "safety_open_duties"
        }
        assert told[("EMA", standing)] == 1
        assert {when for _, when in told} == {standing}

    def test_what_is_settled_is_shown_no_more(self, store: SqlStore) -> None:
        metrics, day = Metrics(), date(2014, 5, 20)
        metrics.set(DUTIES, "MHRA", "overdue", value=3)

        tell_standing(store, Thresholds((7,), (1,), (5,)), metrics, today=day)

        gone = {"authority": "MHRA", "standing": "overdue"}
        assert metrics.registry.get_sample_value("safety_open_duties", gone) is None
        assert metrics.registry.get_sample_value("safety_watch_last_look_timestamp_seconds")
