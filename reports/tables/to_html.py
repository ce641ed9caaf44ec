"""A report as one HTML page, with its figures inside; nothing is fetched from elsewhere."""

import base64
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from reports.paper.typeface import plain
from reports.tables.cells import cells_of, compared, groups_of, heading_of, p_text
from reports.tables.model import Book, Figure, Listing, Part, Table


def render_html(book: Book) -> str:
    """Render; a reader without a mouse or without eyes finds every table by its caption."""
    return _page().render(book=book)


@lru_cache(maxsize=1)
def _page() -> Template:
    environment = Environment(
        loader=PackageLoader("reports.tables"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "plain": plain,
        "heading": heading_of,
        "kind": _kind,
        "groups": groups_of,
        "cells": cells_of,
        "compared": compared,
        "probability": p_text,
        "embedded": _embedded,
    }
    return environment.get_template("book.html.j2")


def _kind(part: Part) -> str:
    match part:
        case Table():
            return "table"
        case Listing():
            return "listing"
        case Figure():
            return "figure"


def _embedded(figure: Figure) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(figure.svg).decode()
