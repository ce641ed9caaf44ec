"""
Doses, events and laboratory results of one patient on one axis, as lanes of a picture.

What a date leaves open is drawn from its earliest to its latest day and pale. Pure: days and
figures in, places in the picture out; the template draws them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from safety.case import CaseState
from safety.causality import Days, Period, derive_exposure, parse_days, read_doses, read_exposure

WIDTH, LEFT, RIGHT = 1_200, 190, 40
LANE, CURVE, GAP, TOP = 24, 58, 8, 34
MOST_TESTS = 6
MARGIN = timedelta(days=5)
TICKS = 8
EXPOSURE, LABORATORY = "pv.exposure.recorded.v1", "pv.laboratory.recorded.v1"


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasts: a dose or an event; `says` is what it is in words."""

    start: date
    end: date
    says: str
    kind: str  # dose, dose off, event, event serious
    vague: bool = False
    height: float = 1.0  # of its lane


@dataclass(frozen=True, slots=True)
class Point:
    """One result; `ratio` is its multiple of the upper limit of normal."""

    day: date
    ratio: float
    says: str
    high: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """A row of the picture: spans, or the points of one test."""

    name: str
    spans: Sequence[Span] = ()
    points: Sequence[Point] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """A span as a rectangle."""

    x: float
    y: float
    width: float
    height: float
    span: Span


@dataclass(frozen=True, slots=True)
class Drawn:
    """
    A lane at its place.

    Attributes:
        curve: The points as a line of `x,y` pairs.
        limit: Where the upper limit of normal lies.
    """

    lane: Lane
    y: float
    height: float
    bars: Sequence[Bar]
    dots: Sequence[tuple[float, float, Point]]
    curve: str
    limit: float | None


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole picture; `ticks` are places on the axis with their day."""

    width: int
    height: float
    lanes: Sequence[Drawn]
    ticks: Sequence[tuple[float, date]]


def lanes_of(
    state: CaseState,
    events: Sequence[Mapping[str, Any]],
    records: Iterable[tuple[str, str, Mapping[str, Any]]],
) -> list[Lane]:
    """
    Give the lanes: drugs of the case, drugs of the study, reactions, tests.

    Args:
        state: The case.

        events: Its reactions as judged.

        records: Kind, id and content of what the study recorded of the subject.
    """
    told = list(records)
    doses = [
        Lane(str(drug.known("name") or drug.key), list(_doses(read_doses(state, drug))))
        for drug in state.drugs
    ]
    by_drug: dict[str, dict[str, Mapping[str, Any]]] = {}
    for kind, record, data in told:
        if kind == EXPOSURE:
            by_drug.setdefault(data["drug"], {})[record] = data
    doses += [
        Lane(f"{drug} (study)", list(_doses(read_exposure(theirs))))
        for drug, theirs in sorted(by_drug.items())
    ]
    happened = [
        Lane(event["term"] or event["verbatim"] or event["reaction"], _event(state, event))
        for event in events
    ]
    results: dict[str, list[Point]] = {}
    for name, point in (*_tests(state), *_laboratory(told)):
        results.setdefault(name, []).append(point)
    most = sorted(results.items(), key=lambda each: (-len(each[1]), each[0]))[:MOST_TESTS]
    tests = [Lane(name, points=sorted(found, key=lambda p: p.day)) for name, found in most]
    return [lane for lane in (*doses, *happened, *tests) if lane.spans or lane.points]


def draw(lanes: Sequence[Lane]) -> Picture | None:
    """Lay the lanes out; None where nothing has a date."""
    days = [day for lane in lanes for span in lane.spans for day in (span.start, span.end)]
    days += [point.day for lane in lanes for point in lane.points]
    if not days:
        return None
    first, last = min(days) - MARGIN, max(days) + MARGIN
    scale = (WIDTH - LEFT - RIGHT) / (last - first).days

    def x(day: date) -> float:
        return round(LEFT + (day - first).days * scale, 1)

    drawn: list[Drawn] = []
    y = float(TOP)
    for lane in lanes:
        height = CURVE if lane.points else LANE
        drawn.append(_draw_lane(lane, y, height, x, scale))
        y += height + GAP
    step = (last - first) / TICKS
    ticks = [(x(first + step * n), first + step * n) for n in range(TICKS + 1)]
    return Picture(WIDTH, y, drawn, ticks)


def _draw_lane(lane: Lane, y: float, height: float, x: Any, scale: float) -> Drawn:  # noqa: ANN401
    bars = [
        Bar(
            x(span.start),
            y + (height - 4) * (1 - span.height) + 2,
            max(((span.end - span.start).days + 1) * scale, 3),
            (height - 4) * span.height,
            span,
        )
        for span in lane.spans
    ]
    if not lane.points:
        return Drawn(lane, y, height, bars, (), "", None)
    top = max(1.2, *(point.ratio for point in lane.points)) * 1.05

    def level(ratio: float) -> float:
        return round(y + height - 6 - (height - 12) * ratio / top, 1)

    dots = [(x(point.day), level(point.ratio), point) for point in lane.points]
    curve = " ".join(f"{px},{py}" for px, py, _ in dots)
    return Drawn(lane, y, height, bars, dots, curve, level(1))


def _doses(periods: Iterable[Period]) -> Iterator[Span]:
    stays = derive_exposure(periods).stays
    most = max((stay.period.daily_mg or 0 for stay in stays), default=0)
    latest = [stay.start.latest for stay in stays]
    for stay in stays:
        end = stay.last.latest if stay.last else max((*latest, stay.start.latest))
        amount = stay.period.daily_mg
        yield Span(
            start=stay.start.earliest,
            end=max(end, stay.start.latest),
            says="dose not told" if amount is None else f"{amount.normalize():f} mg/d",
            kind="dose" if stay.period.dosed else "dose off",
            vague=not stay.start.exact or amount is None or stay.last is None,
            height=1.0 if not amount or not most else max(float(amount / most), 0.25),
        )


def _event(state: CaseState, event: Mapping[str, Any]) -> list[Span]:
    facts = state.entities.get(f"reactions/{event['reaction']}", {})
    onset, end = (_days(facts[n].value) if n in facts else None for n in ("onset", "end"))
    if onset is None:
        return []
    grade = f", grade {event['grade']}" if event["grade"] else ""
    kind = "event serious" if event["serious"] else "event"
    says = f"{event['term'] or event['verbatim']}{grade}"
    last = onset.latest if end is None else max(end.latest, onset.latest)
    return [Span(onset.earliest, last, says, kind, vague=end is None or not onset.exact)]


def _tests(state: CaseState) -> Iterator[tuple[str, Point]]:
    for test in state.entries("tests"):
        point = _point(test.known("date"), test.known("result"), test.known("high"))
        name = test.known("name")
        if point is not None and name:
            yield str(name), point


def _laboratory(
    records: Iterable[tuple[str, str, Mapping[str, Any]]],
) -> Iterator[tuple[str, Point]]:
    for kind, _, data in records:
        if kind == LABORATORY:
            point = _point(data.get("collected"), data.get("result"), data.get("high"))
            if point is not None:
                yield str(data["test"]), point


def _point(day: object, result: object, high: object) -> Point | None:
    """Give a result as a multiple of its upper limit; None where it has no day or no figures."""
    days = _days(day)
    value, limit = _figure(result), _figure(high)
    if days is None or value is None or not limit:
        return None
    unit = result.get("unit", "") if isinstance(result, Mapping) else ""
    ratio = value / limit
    return Point(days.earliest, ratio, f"{value:g} {unit} ({ratio:.1f} x ULN)", ratio > 1)


def _figure(told: object) -> float | None:
    value = told.get("value") if isinstance(told, Mapping) else told
    try:
        return float(str(value))
    except ValueError:
        return None


def _days(told: object) -> Days | None:
    return parse_days(told) if isinstance(told, Mapping) and "value" in told else None
