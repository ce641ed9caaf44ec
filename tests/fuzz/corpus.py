"""
What the fuzzers begin with: `python -m tests.fuzz.corpus FOLDER`.

For the reader the packaged examples and what our writer makes of a case with a value for every
element; for the writer recipes of bytes drawn with a fixed seed. What a fuzzer found earlier stays.
"""

import random
import sys
from pathlib import Path

from tests.unit.reports.e2b.messages import outgoing, sent
from tests.unit.reports.e2b.whole_case import whole_case
from tests.unit.schemas.icsr.files import NAMES, load_file

RECIPES, LENGTH = 24, 384


def main() -> None:
    """Write the folders `reader` and `writer`."""
    folder = Path(sys.argv[1])
    draw = random.Random(1)  # noqa: S311 - recipes, no secrets
    files = {f"reader/{name}.xml": load_file(name) for name in NAMES}
    files["reader/whole.xml"] = sent(outgoing(whole_case()))
    files |= {f"writer/{number}": draw.randbytes(LENGTH) for number in range(RECIPES)}
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main()
