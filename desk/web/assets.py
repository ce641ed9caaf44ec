"""The style sheet and the script, under addresses that change with their content."""

import hashlib
from functools import cache
from importlib.resources import files

from desk.web.errors import NotThereError

_TYPES = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8"}


@cache
def read_asset(name: str) -> tuple[bytes, str]:
    """
    Give the content and type of a file that pages refer to.

    Raises:
        NotThereError: There is none of that name.
    """
    kind = _TYPES.get(name.rpartition(".")[2])
    found = files("desk.web") / "static" / name
    if kind is None or "/" in name or not found.is_file():
        raise NotThereError("there is no such file")
    return found.read_bytes(), kind


@cache
def asset(name: str) -> str:
    """Give the address of a file: a browser keeps it for ever, a new content has a new one."""
    return f"/static/{hashlib.sha256(read_asset(name)[0]).hexdigest()[:12]}/{name}"
