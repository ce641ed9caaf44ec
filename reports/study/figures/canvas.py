"""
How every plot looks: size, fonts, colours, marks.

Colours are those of Okabe and Ito (2008), told apart by people who see colour otherwise; every
series also has its own mark, line or hatching, so that a grey print says the same. Text becomes
outlines, so that no font has to be at hand; equal data give equal bytes.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure

# Okabe M, Ito K. Color Universal Design, 2008: blue, vermilion, green, purple, orange, sky blue.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
MARKS = ("o", "s", "^", "D", "v", "P", "X")
LINES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
HATCHES = ("", "///", "...", "xxx", "\\\\\\", "+++", "ooo")
GREYS = ("#f0f0f0", "#cccccc", "#969696", "#636363", "#252525")  # ColorBrewer Greys, grades 1 to 5
SIZE = (10.6, 5.8)  # inches, the space on a page that lies
LONGEST_LABEL = 44  # characters of a term beside an axis; tables have it whole


@lru_cache(maxsize=1)
def _family() -> list[str]:
    path = Path(str(files("noto_cjk_sans_otc")), "NotoSansCJK-Regular.ttc")
    font_manager.fontManager.addfont(str(path))
    return ["DejaVu Sans", font_manager.FontProperties(fname=str(path)).get_name()]


@contextmanager
def canvas(width: float = SIZE[0], height: float = SIZE[1]) -> Iterator[tuple[Figure, io.BytesIO]]:
    """Give an empty figure; what is drawn on it in the block is in the buffer after it."""
    settings: Any = {
        "font.family": _family(),
        "font.size": 9,
        "text.parse_math": False,  # a term with two dollar signs is no formula
        "svg.fonttype": "path",
        "svg.hashsalt": "sorafenib-safety",
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "legend.frameon": False,
    }
    out = io.BytesIO()
    with mpl.rc_context(settings):
        figure = Figure(figsize=(width, height), layout="constrained")
        yield figure, out
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})


def short(label: str) -> str:
    """Cut a label for the edge of a plot, and say so."""
    text = " ".join(label.split())
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1] + "…"
