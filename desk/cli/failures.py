"""
Which exit code, and which sentence, does a failure get?

A shell script branches on the code; a person reads the sentence: what is wrong,
where, what to do. No traceback is shown, and the text of an error that we did not
write is not either, because it may quote a value of a message.
"""

from enum import IntEnum

from consumers.embedded_broker import EmbeddedBrokerError
from consumers.input_files import InputFileError, OutputFileError
from consumers.log import where_raised
from consumers.settings import SettingsError
from safety.errors import SafetyError, TransientError
from safety.store.kept import KeptSealsError


class ExitCode(IntEnum):
    """What the command `safety` says to the program that called it."""

    OK = 0
    FOUND = 1
    USAGE = 2
    UNAVAILABLE = 3
    HALTED = 4
    BAD_INPUT = 5
    INTERRUPTED = 130


MEANING: dict[ExitCode, str] = {
    ExitCode.OK: "Done, and there is nothing to object to.",
    ExitCode.FOUND: "Done, and a check found something: a decision that replay computes otherwise,"
    " a duty that changes under other rules, a broken chain, a message that still cannot be read,"
    " a generated file that is not current.",
    ExitCode.USAGE: "Wrong usage: an unknown option, a setting that is wrong, a case or rule that"
    " does not exist, a result file that cannot be written.",
    ExitCode.UNAVAILABLE: "A service cannot be reached for now: the database, the broker. Nothing"
    " is lost; the same command may succeed later.",
    ExitCode.HALTED: "Stopped on purpose, nothing of the batch at hand is stored: too much"
    " quarantine, records that disagree, a faulty knowledge file, an error nobody foresaw.",
    ExitCode.BAD_INPUT: "An input file does not exist, cannot be read, or is of another kind.",
    ExitCode.INTERRUPTED: "Interrupted with Ctrl-C.",
}


class UsageFault(SafetyError):  # noqa: N818 - a fault of the call, named for what it is
    """What was asked for does not exist or cannot be done."""


def exit_code_of(error: BaseException) -> ExitCode:
    """Map an error to the exit code; an unforeseen one halts, as it does the consumer."""
    match error:
        case KeyboardInterrupt():
            return ExitCode.INTERRUPTED
        case InputFileError() | KeptSealsError():
            return ExitCode.BAD_INPUT
        case UsageFault() | SettingsError() | OutputFileError():
            return ExitCode.USAGE
        case TransientError() | EmbeddedBrokerError():
            return ExitCode.UNAVAILABLE
        case _:
            return ExitCode.HALTED


def sentence_of(error: BaseException) -> str:
    """Give the one sentence that is shown; of an error that is not ours only kind and place."""
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    if isinstance(error, SafetyError):
        return str(error)
    return (
        f"an error nobody foresaw ({type(error).__name__} at {where_raised(error)}); nothing of the"
        " step at hand is stored; report it with this line"
    )
