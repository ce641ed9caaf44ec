"""The picture of doses, events and results: every date where it belongs."""

from datetime import date
from typing import Any

from desk.web.timeline import LEFT, RIGHT, WIDTH, draw, lanes_of
from tests.support.reports import fold_all, report

DOSES = [
    {
        "drug_id": "d1",
        "role": "suspect",
        "name": "sorafenib",
        "doses": [
            {
                "dose_id": "1",
                "dose": {"value": "400", "unit": "mg"},
                "interval": {"value": "12", "unit": "h"},
                "start": {"value": "2026-02-01", "precision": "day"},
                "end": {"value": "2026-02-27", "precision": "day"},
            }
        ],
    }
]
EVENT = {
    "reaction": "r1",
    "term": "Pulmonary embolism",
    "verbatim": None,
    "grade": 4,
    "serious": True,
}
RESULT = {
    "test": "ALT",
    "collected": {"value": "2026-02-20", "precision": "day"},
    "result": {"value": "120", "unit": "U/L"},
    "high": "40",
}


class TestLanes:
    def test_tells_dose_event_and_result(self) -> None:
        state = fold_all(report(drugs=DOSES)).state

        doses, event, test = lanes_of(state, [EVENT], [("pv.laboratory.recorded.v1", "L1", RESULT)])

        assert (doses.spans[0].start, doses.spans[0].end) == (date(2026, 2, 1), date(2026, 2, 27))
        assert doses.spans[0].says == "800 mg/d"
        assert event.spans[0].start == date(2026, 2, 27)
        assert event.spans[0].vague  # no end was told
        assert test.points[0].ratio == 3.0
        assert test.points[0].high

    def test_a_result_without_limit_or_figure_is_left_out(self) -> None:
        state = fold_all(report()).state
        odd: list[dict[str, Any]] = [
            {**RESULT, "high": None},
            {**RESULT, "result": {"null": "UNK"}},
        ]

        lanes = lanes_of(
            state, [], [("pv.laboratory.recorded.v1", str(n), d) for n, d in enumerate(odd)]
        )

        assert lanes == []


class TestDraw:
    def test_puts_everything_inside_and_earlier_further_left(self) -> None:
        state = fold_all(report(drugs=DOSES)).state
        picture = draw(lanes_of(state, [EVENT], [("pv.laboratory.recorded.v1", "L1", RESULT)]))

        assert picture is not None
        doses, event, test = picture.lanes
        assert LEFT <= doses.bars[0].x < test.dots[0][0] < event.bars[0].x <= WIDTH - RIGHT

    def test_nothing_with_a_date_is_no_picture(self) -> None:
        assert draw([]) is None
