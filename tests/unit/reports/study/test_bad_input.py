"""Whatever a study holds or lacks, there is a report that says so."""

from collections.abc import Callable
from pathlib import Path

import orjson
import pytest

from consumers.books import write_book
from reports.study.build import Choices
from reports.study.model import StudyData
from reports.study.read_event import CaseContent
from reports.study.read_subject import Record
from reports.tables import validate_book
from tests.unit.reports.study.studies import (
    assessed,
    book_of,
    counts,
    dosed,
    enrolled,
    event,
    row_of,
    study_of,
    tables_of,
)


def two_treated() -> list[Record]:
    return [
        enrolled("S1", "A"),
        dosed("S1", "2014-01-01", "2014-02-01"),
        enrolled("S2", "B"),
        dosed("S2", "2014-01-01", "2014-02-01"),
    ]


def with_events(*cases: CaseContent) -> StudyData:
    return study_of(two_treated(), cases)


def one_subject() -> StudyData:
    return study_of(
        [enrolled("S1"), dosed("S1", "2014-01-01", None)], [event("S1", "Rash", grade=1)]
    )


def nobody_treated() -> StudyData:
    return study_of([enrolled("S1"), enrolled("S2")], [event("S1", "Rash")])


def no_exposure() -> StudyData:
    return study_of(
        [enrolled("S1", populations=["safety"])], [event("S1", "Rash", onset="2014-01-01")]
    )


def nothing_known() -> StudyData:
    subjects = [enrolled("S1", None), dosed("S1", "2014", None)]
    return study_of(subjects, [event("S1", None, None, verbatim=None, related=None)], lock=None)


def partial_dates() -> StudyData:
    texts = ("2014", "2014-01", "2014-01-15")
    pairs = [(onset, end) for onset in (None, *texts) for end in (None, *texts)]
    cases = [
        event("S1", "Rash", number=number, onset=onset, ended=end)
        for number, (onset, end) in enumerate(pairs)
    ]
    return study_of(
        [
            enrolled("S1", enrolled={"value": "2013", "precision": "year"}),
            dosed("S1", "2014", "2014-03"),
            assessed("S1", "2014", "recurrence"),
            assessed("S1", "2014-06", "dead"),
        ],
        cases,
    )


def sixty_classes() -> StudyData:
    return with_events(
        *(
            event("S1", f"term {number}", f"class {number:02d}", number=number)
            for number in range(60)
        )
    )


STUDIES: dict[str, Callable[[], StudyData]] = {
    "no events": with_events,
    "one subject": one_subject,
    "nobody treated": nobody_treated,
    "no exposure": no_exposure,
    "nothing known": nothing_known,
    "no coded terms": lambda: with_events(event("S1", None, None), event("S2", None, None)),
    "all grades missing": lambda: with_events(event("S1", "Rash"), event("S2", "Rash")),
    "events without subjects": lambda: study_of([], [event("S9", "Rash")]),
    "partial dates": partial_dates,
    "sixty classes": sixty_classes,
    "a term of 500 characters": lambda: with_events(event("S1", "w" * 500, "皮肤" * 250)),
    "what looks like markup": lambda: with_events(event("S1", "$x_1$ *b* #set <i>", "=1+1")),
}

each_study = pytest.mark.parametrize("name", STUDIES)


class TestAnyStudy:
    @each_study
    def test_has_a_whole_report(self, name: str) -> None:
        book = book_of(STUDIES[name]())

        validate_book(book)
        told = {part.table_id for part in book.parts}
        assert {"T1", "T2", "T3", "T10", "T14", "T15", "T16", "L1", "L2", "L3"} <= told

    @pytest.mark.parametrize("name", ["no events", "nothing known", "what looks like markup"])
    def test_is_written_in_all_forms(self, name: str, tmp_path: Path) -> None:
        write_book(book_of(STUDIES[name]()), tmp_path / "new" / "folder")

        names = {path.name for path in (tmp_path / "new" / "folder").rglob("*") if path.is_file()}
        assert {"report.pdf", "report.html", "report.xlsx", "tables.json", "listings.json"} <= names
        assert {"T2.csv", "L1.csv", "F1.svg"} <= names
        assert not [name for name in names if name.endswith(".part")]


class TestEvents:
    def test_of_nobody_on_record_are_listed_and_count_nowhere(self) -> None:
        data = with_events(event("S9", "Rash"), event("S1", "Rash"))
        listings = {listing.table_id: listing for listing in book_of(data).listings}

        assert counts(tables_of(data)["T2"], "Any TEAE", "total") == (1, 1)
        assert [row[0] for row in listings["L0"].rows] == ["S9"]

    def test_told_twice_count_a_subject_once(self) -> None:
        data = with_events(event("S1", "Rash"), event("S1", "Rash", number=2))

        assert counts(tables_of(data)["T2"], "Rash", "A") == (1, 2)

    def test_without_any_grade_are_counted_as_missing(self) -> None:
        row = row_of(tables_of(with_events(event("S1", "Rash")))["T3"], "Rash")

        assert row.cells["A|missing"].n == 1

    def test_after_the_data_lock_are_left_out_and_said_so(self) -> None:
        data = study_of(
            two_treated(),
            [event("S1", "Rash", onset="2014-01-05"), event("S2", "Rash", onset="2014-01-20")],
            lock="2014-01-10",
        )

        assert counts(tables_of(data)["T2"], "Rash", "total") == (1, 1)
        assert dict(book_of(data).facts)["Left out"].startswith("1 events")


class TestDigest:
    def test_is_of_the_content_whatever_the_order_of_the_records(self) -> None:
        cases = [event("S1", "Rash", onset="2014-01-05"), event("S2", "Pruritus")]
        books = [
            book_of(study_of(list(records), told))
            for records, told in (
                (two_treated(), cases),
                (reversed(two_treated()), list(reversed(cases))),
            )
        ]

        assert len({dict(book.facts)["Digest of the content"] for book in books}) == 1

    def test_changes_with_one_event(self) -> None:
        one, two = with_events(event("S1", "Rash")), with_events(event("S2", "Rash"))

        digests = [dict(book_of(data).facts)["Digest of the content"] for data in (one, two)]
        assert digests[0] != digests[1]


class TestFiles:
    def test_are_the_same_bytes_for_the_same_instant(self, tmp_path: Path) -> None:
        data = with_events(event("S1", "手足皮肤反应", grade=2, onset="2014-01-05"))
        for folder in ("a", "b"):
            write_book(book_of(data, Choices(compare=("A", "B"))), tmp_path / folder)

        for name in ("report.pdf", "report.html", "tables.json", "listings.json", "plots/F1.svg"):
            assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()

    def test_name_no_subject_in_tables_json(self, tmp_path: Path) -> None:
        write_book(book_of(with_events(event("S1", "Rash"))), tmp_path)

        told = (tmp_path / "tables.json").read_bytes()
        assert orjson.loads(told)["tables"]
        assert b'"S1"' not in told
