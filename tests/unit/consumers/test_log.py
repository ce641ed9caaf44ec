"""What our programs write about themselves, and what never."""

import io
import logging
from collections.abc import Iterator

import orjson
import pytest
import structlog

from consumers.log import (
    WITHHELD,
    configure_quiet_log,
    configure_service_log,
    where_raised,
)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """A stream to log to; the logging of this process is as before afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield io.StringIO()
    structlog.reset_defaults()
    root.handlers, root.level = handlers, level


class TestConfigureServiceLog:
    def test_writes_one_json_object_a_line(self, stream: io.StringIO) -> None:
        configure_service_log("INFO", stream)

        structlog.get_logger().info("consumer ended", records=7)

        line = orjson.loads(stream.getvalue())
        assert (line["event"], line["records"], line["level"]) == ("consumer ended", 7, "info")
        assert line["time"].endswith("Z")

    def test_a_field_that_is_not_on_the_list_is_withheld(self, stream: io.StringIO) -> None:
        configure_service_log("INFO", stream)

        structlog.get_logger().info("message refused", narrative="Zhang San", records=1)

        line = orjson.loads(stream.getvalue())
        assert line["narrative"] == WITHHELD
        assert "Zhang" not in stream.getvalue()

    def test_what_is_below_the_level_is_not_written(self, stream: io.StringIO) -> None:
        configure_service_log("WARNING", stream)

        structlog.get_logger().info("consumer started")

        assert stream.getvalue() == ""

    def test_of_a_librarys_line_only_its_origin_is_written(self, stream: io.StringIO) -> None:
        configure_service_log("INFO", stream)

        logging.getLogger("kafka.somewhere").warning("could not send %s", "Zhang San")
        logging.getLogger("kafka.somewhere").info("connected")

        (line,) = (orjson.loads(each) for each in stream.getvalue().splitlines())
        assert line["library"] == "kafka.somewhere"
        assert line["where"].startswith("test_log:")
        assert "Zhang" not in stream.getvalue()


class TestConfigureQuietLog:
    def test_writes_errors_only(self, stream: io.StringIO) -> None:
        configure_quiet_log(stream)

        structlog.get_logger().warning("retrying a batch")
        logging.getLogger("kafka").error("a broker went away")
        assert stream.getvalue() == ""

        structlog.get_logger().error("gave up")
        assert orjson.loads(stream.getvalue())["event"] == "gave up"


class TestWhereRaised:
    def test_names_file_and_line_of_the_innermost_frame(self) -> None:
        with pytest.raises(ValueError, match="Zhang") as caught:
            _fail()

        line = _fail.__code__.co_firstlineno + 1
        assert where_raised(caught.value) == f"consumers/test_log.py:{line}"

    def test_an_error_that_was_never_raised_has_no_place(self) -> None:
        assert where_raised(ValueError("never raised")) == "unknown place"


def _fail() -> None:
    raise ValueError("Zhang San")
