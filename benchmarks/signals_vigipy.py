"""
The same file of reports through PyPI's vigipy; run by `benchmarks.signals` in another environment.

Nothing of this project is imported. Counted are distinct reports by pair, as there; vigipy takes
the sum of all pairs for the number of reports. Its defaults, but that every pair is measured and
the likelihood is that of counts above zero.
"""

import json
import sys
import time
from importlib.metadata import version
from pathlib import Path
from resource import RUSAGE_SELF, getrusage

import pandas as pd
from vigipy import bcpnn, convert, gps, prr, ror  # type: ignore[import-not-found]

_PAIR = ["Product", "Adverse Event"]
_NAMES = (("report_id", "id"), ("product", "var1"), ("event", "var2"))


def main(source: Path, out: Path) -> None:
    """Measure, keep the pairs, and print what it took as JSON."""
    began = time.process_time()
    data = pd.read_csv(source, dtype=str, keep_default_na=False)
    data = data.rename(
        columns={n: names[0] for names in _NAMES for n in names if n in data.columns}
    )
    data = data[[names[0] for names in _NAMES]].drop_duplicates()
    counted = data.groupby(["product", "event"], as_index=False).size()
    held = convert(counted, product_label="product", count_label="size", ae_label="event")
    counting = time.process_time() - began
    found = {
        "prr": prr(held, min_events=1),
        "ror": ror(held, min_events=1),
        "ic": bcpnn(held, min_events=1),
        "ebgm": gps(held, min_events=1),
    }
    measuring = time.process_time() - began - counting
    told = {
        "prr": found["prr"].all_signals.set_index(_PAIR)["PRR"],
        "ror": found["ror"].all_signals.set_index(_PAIR)["ROR"],
        "ebgm": found["ebgm"].all_signals.set_index(_PAIR)["EBGM"],
        "eb05": found["ebgm"].all_signals.set_index(_PAIR)["LowerBound"],
    }
    table = pd.DataFrame(told).rename_axis(["product", "event"]).reset_index()
    table.to_csv(out, index=False)
    cost = {
        "program": f"vigipy {version('vigipy')}",
        "pairs": len(table),
        "count_seconds": counting,
        "measure_seconds": measuring,
        "peak_mib": getrusage(RUSAGE_SELF).ru_maxrss / 1024,
        "prior": [float(each) for each in found["ebgm"].params["prior_param"]],
    }
    sys.stdout.write(json.dumps(cost))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
