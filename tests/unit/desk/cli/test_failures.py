"""Which exit code each kind of error gets."""

import pytest

from consumers.bounds import QuarantineLimitError
from consumers.embedded_broker import EmbeddedBrokerError
from consumers.input_files import InputFileError, OutputFileError
from consumers.settings import SettingsError
from desk.cli.failures import MEANING, ExitCode, UsageFault, exit_code_of, sentence_of
from safety.errors import (
    BrokerUnavailableError,
    InvariantError,
    KnowledgeError,
    SchemaError,
    StoreUnavailableError,
)


class TestExitCodeOf:
    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (UsageFault("no such case"), 2),
            (SettingsError("a setting is wrong"), 2),
            (OutputFileError("not writable"), 2),
            (StoreUnavailableError("locked"), 3),
            (BrokerUnavailableError("silent"), 3),
            (EmbeddedBrokerError("not installed"), 3),
            (QuarantineLimitError("too many"), 4),
            (InvariantError("disagree"), 4),
            (KnowledgeError("faulty row"), 4),
            (SchemaError("no tables"), 4),
            (ZeroDivisionError("unforeseen"), 4),
            (InputFileError("no such file"), 5),
            (KeyboardInterrupt(), 130),
        ],
    )
    def test_gives_the_documented_code(self, error: BaseException, code: int) -> None:
        assert exit_code_of(error) == code

    def test_every_code_has_a_meaning(self) -> None:
        assert set(MEANING) == set(ExitCode)


class TestSentenceOf:
    def test_shows_the_sentence_of_our_own_errors(self) -> None:
        assert sentence_of(InvariantError("case 7 has two heads")) == "case 7 has two heads"

    def test_keeps_the_text_of_other_errors_back(self) -> None:
        assert "hypertension" not in sentence_of(ValueError("hypertension"))
