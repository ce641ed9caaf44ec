"""The page of the manual about metrics, written from the closed list of them."""

from consumers.metrics import METRICS, Metric, Sort

_PAGE = """\
# Metrics

Written by `python -m desk.cli.generate`; do not edit. They are shown on `/metrics` where
`SAFETY_METRICS_PORT` is set, for Prometheus. Labels hold names that the software or its registry of
topics made, never a value of a message; what is no plain name is written as `other`.

| metric | sort | unit | labels | what it says |
| --- | --- | --- | --- | --- |
"""


def render_metrics() -> str:
    """Write the page of all metrics."""
    return _PAGE + "".join(f"{_row(metric)}\n" for metric in METRICS)


def _row(metric: Metric) -> str:
    name = f"{metric.name}_total" if metric.sort is Sort.COUNTER else metric.name
    labels = ", ".join(f"`{label}`" for label in metric.labels)
    return f"| `{name}` | {metric.sort.value} | {metric.unit} | {labels} | {metric.says} |"
