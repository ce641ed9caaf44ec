"""
The rows of a CDISC dataset, from CSV or from a SAS transport file, one way for both.

A row is its cells by column name in capitals; a blank cell is absent. CSV is UTF-8, or UTF-16
with its mark, else Windows-1252, or what the user names; it may be separated by commas, semicolons
or tabs. A row that does not fit its header is kept aside with its line, and the rest goes on.
"""

import codecs
import csv
import io
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, overload

from consumers.input_files import InputFileError

_MISSING = frozenset({"", ".", "NA", "NULL", "NaN", "<NA>", "<Missing>"})
_SEPARATORS = (",", ";", "\t", "|")
_FALLBACK = "cp1252"
_TRANSPORT_LINE = 80  # bytes; a transport file is made of whole lines
_CHUNK = 5_000  # rows of a transport file held at a time


class Row:
    """Cells by column, blank ones absent, which notes the columns that anybody asked for."""

    __slots__ = ("asked", "cells")

    def __init__(self, cells: dict[str, str], asked: set[str]) -> None:
        self.cells = cells
        self.asked = asked

    @overload
    def get(self, name: str, default: str) -> str: ...

    @overload
    def get(self, name: str) -> str | None: ...

    def get(self, name: str, default: str | None = None) -> str | None:
        """Give a cell; the default where it is blank or there is no such column."""
        self.asked.add(name)
        return self.cells.get(name, default)

    def __contains__(self, name: str) -> bool:
        self.asked.add(name)
        return name in self.cells


@dataclass(slots=True)
class Dataset:
    """
    One dataset while it is read.

    Attributes:
        encoding: What its bytes were taken for; known once reading began.
        columns: Known once reading began.
        rows: Rows given so far.
        misfits: Lines whose number of fields is not the header's.
        asked: Columns that anybody asked a row for.
    """

    name: str
    path: Path
    wanted: str | None = None
    encoding: str = ""
    columns: tuple[str, ...] = ()
    rows: int = 0
    misfits: list[int] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)

    def read(self) -> Iterator[tuple[int, Row]]:
        """
        Give the rows with their numbers, the first row under the header being 1.

        Raises:
            InputFileError: The file cannot be read as what it is called.
        """
        self.rows, self.misfits = 0, []
        try:
            yield from self._csv() if self.path.suffix.lower() == ".csv" else self._transport()
        except OSError as error:
            raise InputFileError(
                f"{self.path} cannot be read ({error.strerror}); check its rights"
            ) from None

    def _csv(self) -> Iterator[tuple[int, Row]]:
        self.encoding = self.wanted or _encoding_of(self.path)
        number = 0
        try:
            with self.path.open(encoding=self.encoding, newline="") as file:
                first = file.readline()
                file.seek(0)
                reader = csv.reader(file, delimiter=_separator_of(first), strict=True)
                self.columns = self._header(next(reader, []))
                for number, cells in enumerate(reader, start=1):
                    if not cells:
                        continue
                    if len(cells) != len(self.columns):
                        self.misfits.append(reader.line_num)
                        continue
                    self.rows += 1
                    yield number, self._row(cells)
        except UnicodeError:
            raise InputFileError(
                f"{self.path} is not {self.encoding} after row {number}; name its --encoding"
            ) from None
        except csv.Error:
            raise InputFileError(
                f"{self.path} is no CSV after row {number}: a quote is not closed, or a cell is"
                " huge; save it anew"
            ) from None

    def _transport(self) -> Iterator[tuple[int, Row]]:
        import pandas as pd  # noqa: PLC0415 - slow to load, and only transport files need it

        self.encoding = self.wanted or "utf-8"
        number = 0
        try:
            _refuse_part_of_a_line(self.path)
            with pd.read_sas(self.path, format="xport", chunksize=_CHUNK) as chunks:
                reader: Any = chunks  # its stubs know none of the three
                reader.nobs = _rows_of(self.path, reader.record_start, reader.record_length)
                for chunk in chunks:
                    self.columns = self._header([str(name) for name in chunk.columns])
                    for values in chunk.itertuples(index=False, name=None):
                        number += 1
                        self.rows += 1
                        yield number, self._row([self._cell(value) for value in values])
        except (ValueError, KeyError, IndexError, TypeError, struct.error):
            raise InputFileError(
                f"{self.path} is no whole SAS transport file of version 5 after row {number}; ask"
                " for it anew, or for CSV"
            ) from None

    def _cell(self, value: object) -> str:
        match value:
            case bytes():
                try:
                    return value.decode(self.encoding)
                except UnicodeDecodeError:
                    self.encoding = self.wanted or _FALLBACK
                    return value.decode(self.encoding, errors="replace")
            case float():
                return "" if value != value else f"{value:.15g}"  # noqa: PLR0124 - NaN is not itself
            case None:
                return ""
            case _:
                return str(value)

    def _row(self, cells: list[str]) -> Row:
        stripped = ((name, cell.strip()) for name, cell in zip(self.columns, cells, strict=True))
        return Row({n: cell for n, cell in stripped if n and cell not in _MISSING}, self.asked)

    def _header(self, cells: list[str]) -> tuple[str, ...]:
        names = tuple(cell.strip().lstrip("\ufeff").upper() for cell in cells)
        if not any(names):
            raise InputFileError(f"{self.path} is empty; it needs a header line at least")
        twice = sorted({name for name in names if name and names.count(name) > 1})
        if twice:
            raise InputFileError(f"{self.path} has the column {twice[0]} twice; keep one of them")
        return names


def _refuse_part_of_a_line(path: Path) -> None:
    if path.stat().st_size % _TRANSPORT_LINE:
        raise ValueError("cut off")


def _rows_of(path: Path, start: int, length: int) -> int:
    """
    Count the rows of a transport file; pandas loses a last one that ends in blanks.

    The last line is filled up with blanks, so that blank rows at the end are none.

    Raises:
        ValueError: It ends within a row.
    """
    with path.open("rb") as file:
        file.seek(start)
        rows, rest = divmod(path.stat().st_size - start, length)
        file.seek(start + rows * length)
        if file.read(rest).strip(b" "):
            raise ValueError("cut off")
        while rows:
            file.seek(start + (rows - 1) * length)
            if file.read(length).strip(b" "):
                break
            rows -= 1
    return rows


def _encoding_of(path: Path) -> str:
    """Tell the encoding of a text file by its mark or, without one, by whether it is UTF-8."""
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            decoder.decode(start)
            while chunk := file.read(1 << 20):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return _FALLBACK
    return "utf-8-sig"


def _separator_of(header: str) -> str:
    """Give the separator that cuts the header into most columns; a comma if none does."""
    cuts = {
        mark: len(next(csv.reader(io.StringIO(header), delimiter=mark), [])) for mark in _SEPARATORS
    }
    return max(_SEPARATORS, key=lambda mark: cuts[mark])
