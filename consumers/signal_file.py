"""Which reports, products and events does this CSV file name, and what is written of them?"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from consumers.input_files import InputFileError, OutputFileError
from reports.signals import Signal, SignalReport
from reports.signals.counts import Mention

_NAMES = {
    "report": ("report_id", "report", "id", "case_id", "caseid", "primaryid", "safetyreportid"),
    "product": ("product", "drug", "var1", "drugname", "drug_name"),
    "event": ("event", "reaction", "pt", "term", "var2"),
}
_MISSING = frozenset({"", "NA", "."})


@dataclass(slots=True)
class SkippedRows:
    """Lines of the file that lack a report, a product or an event, and so do not count."""

    lines: list[int] = field(default_factory=list)


def read_mentions(source: Path, stratum: str | None, skipped: SkippedRows) -> Iterator[Mention]:
    """
    Give report, product, event and stratum, row by row.

    Args:
        source: UTF-8, comma-separated, with a header line; the case of its names is free.

        stratum: Column of the strata, if the expected numbers are to be summed over them.

        skipped: Where the lines of incomplete rows are noted.

    Raises:
        InputFileError: The file cannot be read, or has not the columns; says which.
    """
    line = 1
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = [name.strip().casefold() for name in next(reader, [])]
            places = [_place(source, header, what, names) for what, names in _NAMES.items()]
            if stratum is not None:
                places.append(_place(source, header, "stratum", (stratum.strip().casefold(),)))
            for row in reader:
                line = reader.line_num
                if not row:
                    continue
                if len(row) != len(header):
                    raise InputFileError(
                        f"{source}, line {line}: {len(row)} fields where the header has"
                        f" {len(header)}; put a field that holds a comma in quotes"
                    )
                told = [row[place].strip() for place in places]
                if any(each in _MISSING for each in told[:3]):
                    skipped.lines.append(line)
                    continue
                yield told[0], told[1], told[2], told[3] if stratum is not None else ""
    except OSError as error:
        raise InputFileError(
            f"{source} cannot be read ({error.strerror}); check the name"
        ) from None
    except UnicodeDecodeError:
        raise InputFileError(f"{source} is not UTF-8 after line {line}; save it as UTF-8") from None
    except csv.Error:
        raise InputFileError(f"{source} is no CSV after line {line}; save it anew") from None


def _place(source: Path, header: list[str], what: str, names: tuple[str, ...]) -> int:
    found = [place for place, name in enumerate(header) if name in names]
    if len(found) != 1:
        fault = "no column" if not found else "several columns"
        raise InputFileError(
            f"{source} has {fault} for the {what}; name exactly one of them {names[0]}"
        )
    return found[0]


def flatten_signal(signal: Signal) -> dict[str, object]:
    """Give one pair as a row: counts, then each measure with its bounds."""
    pair = signal.pair
    return {
        "product": pair.product,
        "event": pair.event,
        "a": pair.a,
        "b": pair.b,
        "c": pair.c,
        "d": pair.d,
        "expected": pair.expected,
        "prr": signal.prr.value,
        "prr_low": signal.prr.low,
        "prr_high": signal.prr.high,
        "ror": signal.ror.value,
        "ror_low": signal.ror.low,
        "ror_high": signal.ror.high,
        "chi_squared": signal.chi_squared,
        "ic": signal.ic.value,
        "ic025": signal.ic.low,
        "ic975": signal.ic.high,
        "ebgm": signal.ebgm.value,
        "eb05": signal.ebgm.low,
        "eb95": signal.ebgm.high,
        "evans": signal.evans,
    }


def write_signals(report: SignalReport, out: Path) -> None:
    """
    Write all pairs as CSV; what is not estimable is blank.

    Raises:
        OutputFileError: The file cannot be written.
    """
    rows = [flatten_signal(signal) for signal in report.signals]
    part = out.with_name(out.name + ".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            if rows:
                writer.writerow(rows[0])
            writer.writerows(row.values() for row in rows)
        part.replace(out)
    except OSError as error:
        raise OutputFileError(
            f"{out} cannot be written ({error.strerror}); name another file"
        ) from None
