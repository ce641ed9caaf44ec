"""The watch beside a consumer: it looks at once, ends with it, and does not die unseen."""

from pathlib import Path
from threading import Event

import pytest

from consumers import watch
from consumers.settings import Settings, SettingsError, load_settings
from consumers.watch import watching_beside
from safety.errors import TransientError
from safety.store import migrate


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
