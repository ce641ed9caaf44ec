"""
What do our programs write about themselves, and what never?

A service writes one JSON object a line to stderr, so that stdout stays for results.
A command that a person types writes no log at all short of an error.

No patient data: a line holds its event, which is fixed text, and fields of a closed
list. A field that is not on the list is withheld, whoever logs it. Lines of libraries
pass from warning upwards, without the tracebacks that could quote a value.
"""

import logging
import sys
from collections.abc import Mapping, MutableMapping
from types import TracebackType
from typing import Any, TextIO

import structlog

# Every field that a line of ours may have. Counts, instants, names of our own making: no values
# of a message. Add one here, and say in DEVELOPERS.md section 4 why it can hold no patient data.
FIELDS = frozenset(
    {
        "accepted",
        "code",
        "error",
        "event",
        "group",
        "level",
        "library",
        "logger",
        "partitions",
        "quarantined",
        "records",
        "repeated",
        "seconds",
        "signal",
        "store",
        "time",
        "topics",
        "version",
        "where",
    }
)
WITHHELD = "withheld: not on the list of fields that hold no patient data"


def configure_service_log(level: str, stream: TextIO | None = None) -> None:
    """
    Write JSON lines from this severity upwards, ours and those of libraries.

    Args:
        level: DEBUG, INFO, WARNING or ERROR.

        stream: Where to; stderr unless given.
    """
    _configure(logging.getLevelNamesMapping()[level], logging.WARNING, stream or sys.stderr)


def configure_quiet_log(stream: TextIO | None = None) -> None:
    """Write errors only, for commands that speak to a person themselves."""
    _configure(logging.ERROR, logging.CRITICAL, stream or sys.stderr)


def withhold_unlisted(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> Mapping[str, Any]:
    """Replace every field that is not on the list."""
    return {name: value if name in FIELDS else WITHHELD for name, value in event.items()}


def where_raised(error: BaseException) -> str:
    """
    Tell where an error was raised, as file and line of its innermost frame.

    An error's own text may quote a value, and so may a traceback; a place cannot.
    """
    place: TracebackType | None = error.__traceback__
    if place is None:
        return "unknown place"
    while place.tb_next is not None:
        place = place.tb_next
    parts = place.tb_frame.f_code.co_filename.replace("\\", "/").rsplit("/", 2)
    return f"{'/'.join(parts[-2:])}:{place.tb_lineno}"


class _LibraryHandler(logging.Handler):
    """Hands the lines of libraries to our own logger, as fixed text and the library's name."""

    def emit(self, record: logging.LogRecord) -> None:
        structlog.get_logger().log(
            record.levelno,
            "a library has something to say",
            library=record.name,
            where=f"{record.module}:{record.lineno}",
            error=record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None,
        )


def _configure(ours: int, libraries: int, stream: TextIO) -> None:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            withhold_unlisted,
            structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(ours),
        logger_factory=structlog.PrintLoggerFactory(file=stream),
        cache_logger_on_first_use=False,
    )
    root = logging.getLogger()
    root.handlers = [_LibraryHandler()]
    root.setLevel(libraries)
    for name in ("kafka", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(libraries)
