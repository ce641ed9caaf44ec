"""
A SAS transport file of version 5, written by hand, to read in tests.

Layout: SAS Institute, "The Record Layout of a Data Set in SAS Transport (XPORT) Format", TS-140.
"""

import struct
from collections.abc import Mapping, Sequence

_LINE = 80
_STAMP = b"26NOV26:00:00:00"
Cell = str | float | None


def transport_file(
    name: str, rows: Sequence[Mapping[str, Cell]], *, encoding: str = "utf-8"
) -> bytes:
    """Give the bytes of a transport file with one dataset; numbers are eight-byte IBM floats."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    widths = {column: _width(column, rows, encoding) for column in columns}
    body = _line(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + b"0" * 30)
    body += _line(b"SAS     SAS     SASLIB  9.4     LINUX   " + b" " * 24 + _STAMP)
    body += _line(_STAMP)
    body += _line(
        b"HEADER RECORD*******MEMBER  HEADER RECORD!!!!!!!" + b"0" * 17 + b"1600000000140"
    )
    body += _line(b"HEADER RECORD*******DSCRPTR HEADER RECORD!!!!!!!" + b"0" * 30)
    member = name.encode().ljust(8)
    body += _line(b"SAS     " + member + b"SASDATA 9.4     LINUX   " + b" " * 24 + _STAMP)
    body += _line(_STAMP)
    count = f"{len(columns):04d}".encode()
    body += _line(b"HEADER RECORD*******NAMESTR HEADER RECORD!!!!!!!000000" + count + b"0" * 20)
    names, place = b"", 0
    for number, column in enumerate(columns, start=1):
        names += _name(column, number, widths[column], place)
        place += abs(widths[column])
    body += _padded(names)
    body += _line(b"HEADER RECORD*******OBS     HEADER RECORD!!!!!!!" + b"0" * 30)
    data = b"".join(
        _cell(row.get(column), widths[column], encoding) for row in rows for column in columns
    )
    return body + _padded(data)


def _width(column: str, rows: Sequence[Mapping[str, Cell]], encoding: str) -> int:
    """Give the width of a text column; -8 for numbers."""
    cells = [row.get(column) for row in rows]
    if any(isinstance(cell, str) for cell in cells):
        return max(1, *(len(str(cell or "").encode(encoding)) for cell in cells))
    return -8


def _name(column: str, number: int, width: int, place: int) -> bytes:
    kind = 1 if width < 0 else 2
    head = struct.pack(">hhhh", kind, 0, abs(width), number)
    head += column.encode().ljust(8) + column.encode().ljust(40) + b" " * 8
    head += struct.pack(">hhh", 0, 0, 0) + b"\0\0" + b" " * 8 + struct.pack(">hhl", 0, 0, place)
    return head.ljust(140, b"\0")


def _cell(cell: Cell, width: int, encoding: str) -> bytes:
    if width > 0:
        return str(cell or "").encode(encoding).ljust(width)
    return b"." + b"\0" * 7 if cell is None else _ibm(float(cell))


def _ibm(number: float) -> bytes:
    """Give an IBM System/360 double: sign, exponent of 16 with excess 64, 56 bits of fraction."""
    if number == 0:
        return bytes(8)
    sign, number, exponent = (0x80 if number < 0 else 0), abs(number), 64
    while number >= 1:
        number, exponent = number / 16, exponent + 1
    while number < 1 / 16:
        number, exponent = number * 16, exponent - 1
    return bytes([sign | exponent]) + int(number * 2**56).to_bytes(7, "big")


def _line(content: bytes) -> bytes:
    return content.ljust(_LINE)


def _padded(content: bytes) -> bytes:
    return content.ljust(-(-len(content) // _LINE) * _LINE)
