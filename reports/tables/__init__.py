"""
Tables, listings and figures as one model, rendered to HTML, PDF, XLSX, CSV and JSON.

What stands in them is built by the reports that use them; here they are only shown.
"""

from reports.tables.cells import cell_text, count_cell, percent_of
from reports.tables.model import (
    NOT_ESTIMABLE,
    Book,
    Cell,
    Chapter,
    Column,
    Figure,
    Listing,
    Part,
    Row,
    Table,
)
from reports.tables.to_csv import render_csv
from reports.tables.to_html import render_html
from reports.tables.to_json import (
    render_listings_json,
    render_tables_json,
    tables_content,
)
from reports.tables.to_pdf import render_pdf
from reports.tables.to_xlsx import render_xlsx
from reports.tables.validate import FaultyTableError, table_faults, validate_book

__all__ = [
    "NOT_ESTIMABLE",
    "Book",
    "Cell",
    "Chapter",
    "Column",
    "FaultyTableError",
    "Figure",
    "Listing",
    "Part",
    "Row",
    "Table",
    "cell_text",
    "count_cell",
    "percent_of",
    "render_csv",
    "render_html",
    "render_listings_json",
    "render_pdf",
    "render_tables_json",
    "render_xlsx",
    "table_faults",
    "tables_content",
    "validate_book",
]
