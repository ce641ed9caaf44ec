"""`safety report compliance` on a case of its own; the initial EMA report is due 22 May 2014."""

from pathlib import Path

from tests.unit.desk.cli.conftest import INITIAL, Call

CASE = "SECURE-EDC:16621-03-012-AE04"
ASK = ("report", "compliance", "--authority", "EMA", "--as-of", "2014-06-01", "--format", "json")


def send(work: Call, at: str) -> None:
    assert work("process", INITIAL).code == 0
    (duty,) = work("due", "--authority", "EMA", "--json").json
    said = ("--obligation", duty["obligation"], "--state", "submitted", "--by", "officer-3")
    assert work("submission", "record", CASE, *said, "--at", at).code == 0


class TestCompliance:
    def test_what_is_past_due_and_not_sent_counts_against_the_rate(self, work: Call) -> None:
        work("process", INITIAL)

        (month,) = work(*ASK).json["months"]
        assert (month["month"], month["overdue"], month["on_time_rate"]) == ("2014-05", 1, 0)

    def test_a_report_sent_eleven_days_late_is_late(self, work: Call) -> None:
        send(work, "2014-06-02T09:00:00+08:00")

        (month,) = work(*ASK).json["months"]
        assert (month["late"], month["most_days_late"]) == (1, 11)

    def test_what_was_not_known_at_an_instant_does_not_count(self, work: Call) -> None:
        send(work, "2014-05-20T09:00:00+08:00")

        told = work(*ASK, "--as-known-at", "2014-05-21T00:00:00+08:00").json
        assert told["months"] == []  # the software recorded it only now
        assert work(*ASK).json["months"][0]["on_time"] == 1

    def test_prints_a_table_and_csv_and_draws_a_plot(self, work: Call, tmp_path: Path) -> None:
        send(work, "2014-05-20T09:00:00+08:00")
        plot = tmp_path / "compliance.svg"

        told = work("report", "compliance", "--plot", plot)
        assert "100.0 %" in told.out
        assert b"<svg" in plot.read_bytes()
        assert work("report", "compliance", "--format", "csv").out.startswith("authority,month,")

    def test_an_unknown_authority_and_a_file_that_cannot_be_written_are_wrong_usage(
        self, work: Call, tmp_path: Path
    ) -> None:
        assert work("report", "compliance", "--authority", "X").code == 2
        assert work("report", "compliance", "--plot", tmp_path / "no" / "a.svg").code == 2
