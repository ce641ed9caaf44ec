"""
Take the datasets of a folder into the store, through the pipeline that every message takes.

First the subjects, then what they took, then their events and the rest, so that an event finds the
subject it belongs to. Large datasets stream; held in memory are the subjects with their dose
periods and history, and the supplemental values of the events.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from consumers.backfill import process_records
from consumers.cdisc.datasets import Dataset, Row
from consumers.cdisc.events import READ_COLUMNS, tell_event
from consumers.cdisc.exposure import periods_of_subject, read_periods
from consumers.cdisc.identity import Changes, Receipt, identify
from consumers.cdisc.records import (
    tell_disposition,
    tell_end_of_study,
    tell_exposures,
    tell_result,
    tell_time_to_event,
    tell_treatment,
)
from consumers.cdisc.sources import EVENTS, SUBJECTS, Standard, find_datasets
from consumers.cdisc.subjects import (
    Subject,
    read_history,
    read_subject,
    take_population,
    take_vital_sign,
    tell_death,
    tell_enrolment,
)
from consumers.cdisc.told import Seen, Told
from consumers.cdisc.values import key_of, read_date
from consumers.handlers import Tally
from safety.knowledge import Knowledge
from safety.store.model import Store

SubjectKey = tuple[str, str]  # STUDYID and USUBJID


@dataclass(slots=True)
class ImportSummary:
    """
    What was read, what became of it, and what was not used.

    Attributes:
        seen: Dataset by dataset.
        others: Files of the folder that are no dataset we read.
        without_events: Subjects of whom no event is told.
    """

    standard: Standard
    studies: tuple[str, ...] = ()
    subjects: int = 0
    without_events: int = 0
    events: int = 0
    changes: Changes = field(default_factory=Changes)
    seen: list[Seen] = field(default_factory=list)
    others: tuple[str, ...] = ()
    tallies: dict[str, Tally] = field(default_factory=dict)


def import_folder(
    folder: Path,
    standard: Standard,
    store: Store,
    knowledge: Knowledge,
    receipt: Receipt,
    *,
    encoding: str | None = None,
    on_messages: Callable[[int], None] | None = None,
) -> ImportSummary:
    """
    Import a folder of CDISC datasets.

    Args:
        folder: Where the datasets are.

        standard: SDTM or ADaM.

        store: Where they go.

        knowledge: What to decide with.

        receipt: When the data came.

        encoding: Of text files, if it is not to be told from their bytes.

        on_messages: Called with the number of messages handled since the last call.

    Raises:
        InputFileError: A file cannot be used; nothing after it was read.
    """
    found = find_datasets(folder, standard)
    summary = ImportSummary(standard, others=found.others)
    work = _Work(standard, summary, found.datasets, encoding)
    work.read_subjects()
    handled = 0

    def show(tallies: Mapping[str, Tally]) -> None:
        nonlocal handled
        now = sum(tally.messages for tally in tallies.values())
        if on_messages is not None:
            on_messages(now - handled)
        handled = now

    summary.tallies = process_records(
        identify(work.tell(), store, f"urn:cdisc:{standard}", receipt, summary.changes),
        store,
        knowledge,
        on_batch=show,
        clock=lambda: receipt.now,
    )
    work.note_unused()
    summary.subjects = sum(subject.known for subject in work.subjects.values())
    summary.events = sum(work.events.values())
    summary.without_events = sum(
        key not in work.events for key, subject in work.subjects.items() if subject.known
    )
    summary.studies = tuple(sorted({subject.study for subject in work.subjects.values()}))
    return summary


class _Work:
    """One import while it runs."""

    def __init__(
        self,
        standard: Standard,
        summary: ImportSummary,
        paths: Mapping[str, Path],
        encoding: str | None,
    ) -> None:
        self.standard = standard
        self.summary = summary
        self.datasets = {name: Dataset(name, path, wanted=encoding) for name, path in paths.items()}
        self.subjects: dict[SubjectKey, Subject] = {}
        self.events: Counter[SubjectKey] = Counter()
        self.supplements: dict[tuple[SubjectKey, str], dict[str, str]] = {}
        self.subject_columns: frozenset[str] = frozenset()
        self.flags_emergence = False

    def read_subjects(self) -> None:
        """Read who took part, with dose periods, history and baseline weight and height."""
        name = SUBJECTS[self.standard]
        for number, row, seen in self._rows(name):
            subject = read_subject(row, number, self.datasets[name].path.name)
            if subject is None:
                seen.skip("no STUDYID or USUBJID")
            elif self.subjects.setdefault((subject.study, subject.subject), subject) is not subject:
                seen.skip("a subject that a row before told of")
        if name in self.datasets:
            self.subject_columns = frozenset(self.datasets[name].columns)
        self._read_background()
        if not {"EX", "ADEX"} & self.datasets.keys():
            self._take_reference_start()

    def _take_reference_start(self) -> None:
        """
        Take the start of the reference period as the first dose, where nothing else tells doses.

        SDTM: RFSTDTC is usually the day of the first dose, and blank for who failed screening.
        """
        known = [each for each in self.subjects.values() if each.known]
        if any(each.first_dose for each in known):
            return
        for subject in known:
            if not subject.untreated:
                subject.first_dose = read_date(subject.cells.get("RFSTDTC"))

    def _read_background(self) -> None:
        for dataset in ("EX", "ADEX"):
            for number, row, seen in self._rows(dataset):
                if (subject := self._subject(row, seen)) is not None:
                    subject.periods += read_periods(row, number, seen)
        for _, row, seen in self._rows("SUPPDM"):
            self._take_population(row, seen)
        for dataset in ("MH", "ADMH"):
            for _, row, seen in self._rows(dataset):
                self._take_history(row, seen)
        for _, row, seen in self._rows("VS"):
            self._take_vital_sign(row, seen)

    def _take_population(self, row: Row, seen: Seen) -> None:
        subject = self._subject(row, seen)
        if subject is not None and not take_population(row, subject):
            seen.skip("no population flag")

    def _take_history(self, row: Row, seen: Seen) -> None:
        subject, term = self._subject(row, seen), read_history(row)
        if subject is None:
            return
        if term is None:
            seen.skip("no term")
        elif term not in subject.history:
            subject.history.append(term)

    def _take_vital_sign(self, row: Row, seen: Seen) -> None:
        subject = self._subject(row, seen)
        if subject is not None and not take_vital_sign(row, subject):
            seen.skip("neither weight in kg nor height in cm")

    def tell(self) -> Iterator[Told]:
        """Give everything there is to tell, in order."""
        of_file = {seen.file: seen for seen in self.summary.seen}
        for told in self._tell_all():
            seen = of_file.get(told.file)
            if seen is None:
                of_file = {each.file: each for each in self.summary.seen}
                seen = of_file[told.file]
            seen.messages += 1
            yield told

    def _tell_all(self) -> Iterator[Told]:
        yield from self._tell_subjects()
        for _, row, seen in self._rows("SUPPAE"):
            self._take_supplement(row, seen)
        yield from self._tell_events()
        for name in ("DS", "CM", "ADCM", "PR", "ADTTE", "LB", "ADLB"):
            yield from self._tell_rows(name)

    def note_unused(self) -> None:
        """Note the columns that nobody asked for; an event carries every column of its row."""
        for seen in self.summary.seen:
            dataset = self.datasets[seen.dataset]
            if seen.dataset != EVENTS[self.standard]:
                seen.unused = tuple(each for each in dataset.columns if each not in dataset.asked)

    def _tell_subjects(self) -> Iterator[Told]:
        """Give who took part, what they took, and how they left, as far as one row tells it."""
        source = "EX" if self.standard is Standard.SDTM else "ADEX"
        for subject in [each for each in self.subjects.values() if each.known]:
            dataset = source if subject.periods else "ADSL"
            if not subject.periods and self.standard is Standard.ADAM:
                subject.periods += periods_of_subject(subject.cells, subject.row)
            file = subject.file if dataset == "ADSL" else self.datasets[dataset].path.name
            yield tell_enrolment(subject)
            yield from tell_exposures(subject, dataset=dataset, file=file)
            yield from tell_death(subject)
            if self.standard is Standard.ADAM:
                yield from tell_end_of_study(subject.cells, subject.row, subject, file=subject.file)

    def _tell_events(self) -> Iterator[Told]:
        name = EVENTS[self.standard]
        used: dict[tuple[SubjectKey, str], list[str]] = {}
        for number, row, seen in self._rows(name):
            subject = self._subject(row, seen, add=True)
            if subject is None:
                continue
            if "AETERM" not in row and "AEDECOD" not in row:
                seen.skip("no term")
                continue
            key = (subject.study, subject.subject)
            sequence = _sequence(row)
            self._take_emergence(row, (key, sequence))
            content = repr(sorted(row.cells.items()))
            known = used.setdefault((key, sequence), [])
            if content in known:
                seen.skip("the same row again")
                continue
            known.append(content)
            if len(known) > 1:
                seen.findings["sequence_number_used_twice"] += 1
            told = tell_event(
                row,
                number,
                subject,
                sequence if len(known) == 1 else f"{sequence}.{len(known)}",
                file=self.datasets[name].path.name,
                also=self._also(row, (key, sequence)),
            )
            for finding in told.data.get("reading_findings", ()):
                seen.findings[finding["code"]] += 1
            self.events[key] += 1
            yield told

    def _take_emergence(self, row: Row, key: tuple[SubjectKey, str]) -> None:
        """Take the flag of SUPPAE where the row has none; where it is kept, blank means no."""
        flags = self.datasets[EVENTS[self.standard]].columns
        told = self.supplements.get(key, {}).get("SUPPAE.AETRTEM") or row.get("AETRTEM")
        if told is not None:
            row.cells.setdefault("TRTEMFL", told)
        elif self.flags_emergence or {"TRTEMFL", "AETRTEM"} & set(flags):
            row.cells.setdefault("TRTEMFL", "N")

    def _also(self, row: Row, key: tuple[SubjectKey, str]) -> dict[str, str]:
        """Give what belongs to an event in no field: columns of the row, and SUPPAE."""
        columns = {
            name: cell
            for name, cell in row.cells.items()
            if name not in READ_COLUMNS and name not in self.subject_columns
        }
        return columns | self.supplements.get(key, {})

    def _take_supplement(self, row: Row, seen: Seen) -> None:
        subject, name, value = self._subject(row, seen), row.get("QNAM"), row.get("QVAL")
        if subject is None:
            return
        sequence = row.get("IDVARVAL")
        if name is None or value is None or sequence is None or row.get("IDVAR") != "AESEQ":
            seen.skip("no value of an event")
            return
        key = ((subject.study, subject.subject), sequence.removesuffix(".0"))
        self.supplements.setdefault(key, {})[f"SUPPAE.{name}"] = value
        self.flags_emergence |= name == "AETRTEM"

    def _tell_rows(self, name: str) -> Iterator[Told]:
        for number, row, seen in self._rows(name):
            file, subject = seen.file, self._subject(row, seen, add=True)
            if subject is None:
                continue
            match name:
                case "DS":
                    yield from tell_disposition(row, number, subject, seen, file=file)
                case "ADTTE":
                    yield from tell_time_to_event(row, number, subject, seen, file=file)
                case "LB" | "ADLB":
                    yield from tell_result(row, number, subject, seen, file=file)
                case _:
                    yield from tell_treatment(row, number, subject, seen, dataset=name, file=file)

    def _subject(self, row: Row, seen: Seen, *, add: bool = False) -> Subject | None:
        """Give the subject of a row; with *add* also one that no row of DM or ADSL tells of."""
        study, name = row.get("STUDYID") or self._only_study(), row.get("USUBJID")
        if study is None or name is None:
            seen.skip("no STUDYID or USUBJID")
            return None
        subject = self.subjects.get((study, name))
        if subject is None:
            seen.findings["subject_not_in_study"] += 1
            if not add:
                seen.skip("a subject that no row tells of")
                return None
            subject = self.subjects[study, name] = Subject(study, name)
        return subject

    def _only_study(self) -> str | None:
        studies = {study for study, _ in self.subjects}
        return studies.pop() if len(studies) == 1 else None

    def _rows(self, name: str) -> Iterator[tuple[int, Row, Seen]]:
        """Give the rows of a dataset, if the folder has it, with where to note what was seen."""
        dataset = self.datasets.get(name)
        if dataset is None:
            return
        seen = self._seen(name)
        for number, row in dataset.read():
            seen.rows += 1
            yield number, row, seen
        seen.encoding, seen.misfits = dataset.encoding, dataset.misfits

    def _seen(self, name: str) -> Seen:
        for seen in self.summary.seen:
            if seen.dataset == name:
                return seen
        seen = Seen(name, self.datasets[name].path.name)
        self.summary.seen.append(seen)
        return seen


def _sequence(row: Row) -> str:
    """Give what numbers an event of a subject: AESEQ, ASEQ, or what it is and when it began."""
    told = row.get("AESEQ") or row.get("ASEQ")
    if told is not None:
        return key_of(told.removesuffix(".0"))
    said = "\n".join(row.get(name, "") for name in ("AETERM", "AEDECOD", "AESTDTC", "ASTDT"))
    return f"x{hashlib.sha256(said.encode()).hexdigest()[:8]}"
