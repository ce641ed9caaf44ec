"""
CIOMS, MedWatch and E2B of one case say the same.

The case is written as E2B(R3) and read back by the reader of incoming messages; what the message
then says is looked for in the boxes of both forms, field by field, in words that this test makes
itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from reports.cioms import build_cioms
from reports.e2b.identity import give_identity
from reports.medwatch import build_medwatch
from reports.paper.boxes import Boxes
from safety.case import Report
from schemas.countries import COUNTRIES
from tests.support.reports import report
from tests.unit.reports.e2b.messages import SENDER, outgoing, read_back, sent
from tests.unit.reports.narrative.cases import steps_of, study_case
from tests.unit.reports.narrative.test_properties import partial_cases, replacing

MADE_AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
HALF_LIFE = (25, 48)
UNWRITABLE = "\N{REPLACEMENT CHARACTER}"  # stands in XML for a character that XML cannot hold
MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
# Box of the CIOMS form, and of the MedWatch form, in which a fact has to stand.
PLACES = {
    "initials": ("1", "A1"),
    "age": ("2a", "A2"),
    "sex": ("3", "A3"),
    "weight": ("3a", "A4"),
    "reaction": ("7+13", "B5"),
    "text": ("7+13", "B5"),
    "test": ("7+13", "B6"),
    "cause": ("7+13", "B5"),
    "answer": ("7+13", "B5"),
    "suspect": ("14", "C1"),
    "batch": ("14", "C1"),
    "regimen": ("15", "C3"),
    "route": ("16", "C3"),
    "indication": ("17", "C5"),
    "period": ("18", "C4"),
    "concomitant": ("22", "C2"),
    "history": ("23", "B7"),
    "control number": ("24b", "G8"),
    "received": ("24c", "G3"),
    "country": ("1a", None),
    "study": ("26", None),
    "onset": ("4-6", "B3"),
}
TICKS = {
    "death": ("PATIENT DIED", "Death"),
    "life_threatening": ("LIFE THREATENING", "Life-threatening"),
    "hospitalisation": (
        "INVOLVED OR PROLONGED INPATIENT HOSPITALISATION", "Hospitalization - initial or prolonged"
    ),
    "disability": (
        "INVOLVED PERSISTENCE OR SIGNIFICANT DISABILITY OR INCAPACITY",
        "Disability or Permanent Damage",
    ),
    "congenital_anomaly": ("CONGENITAL ANOMALY", "Congenital Anomaly/Birth Defect"),
    "other_important": (
        "OTHER MEDICALLY IMPORTANT CONDITION", "Other Serious (Important Medical Events)"
    ),
}  # fmt: skip


def as_date(told: Mapping[str, str]) -> str:
    """Write a date as the forms do."""
    year, month, day = (*told["value"][:10].split("-"), "", "")[:3]
    return "-".join(part for part in (day, month and MONTHS[int(month) - 1], year) if part)


def known(entity: Mapping[str, Any], name: str) -> Any:
    value = entity.get(name)
    return None if isinstance(value, dict) and "null" in value else value


def words(entity: Mapping[str, Any], *names: str) -> Iterator[str]:
    for name in names:
        value = known(entity, name)
        if isinstance(value, dict):
            value = known(value, "text") if "text" in value else None
        if value:
            yield str(value)


def numbers(entity: Mapping[str, Any], *names: str) -> Iterator[str]:
    """Give the figures of quantities, without their units, which the forms write as words."""
    for name in names:
        quantity = known(entity, name)
        if quantity is not None:
            yield f"{quantity.get('comparator') or ''}{Decimal(str(quantity['value'])):f}"


def facts(message: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Give every fact of a message that both papers have a box for, with what it is."""
    patient, case = message.get("patient") or {}, message["case"]
    yield "control number", case["worldwide_id"]
    for name in ("sex", "initials"):
        yield from ((name, word) for word in words(patient, name))
    if (kilograms := known(patient, "weight_kg")) is not None:
        yield "weight", f"{float(kilograms):g}"
    yield from (("age", number) for number in numbers(patient, "age"))
    yield from (("history", word) for word in words(patient, "history_text", "race"))
    yield from _history(patient)
    yield from _reactions(message.get("reactions") or ())
    for test in message.get("tests") or ():
        yield from (("test", word) for word in words(test, "name", "result_text", "comments"))
        yield from (("test", number) for number in numbers(test, "result", "low", "high"))
    for answer in message.get("relatedness") or ():
        yield from (("answer", word) for word in words(answer, "result", "method"))
    texts = words(message, "narrative", "reporter_comments", "sender_comments")
    yield from (("text", word) for word in texts)
    yield from _drugs(message.get("drugs") or ())


def _history(patient: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for entry in patient.get("history") or ():
        yield from (("history", word) for word in words(entry, "condition", "comments"))
    for entry in patient.get("past_drugs") or ():
        yield from (("history", word) for word in words(entry, "name", "indication"))
    for family in ("reported_causes", "autopsy_causes"):
        for entry in (patient.get("death") or {}).get(family) or ():
            yield from (("cause", word) for word in words(entry, "cause"))


def _reactions(reactions: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    for reaction in reactions:
        yield from (("reaction", word) for word in words(reaction, "term", "english"))
        for name in ("onset", "end"):
            if (day := known(reaction, name)) is not None:
                yield "reaction", as_date(day)
        # A message has to name an outcome: unknown where nobody told one, and the forms say UNK.
        if (outcome := known(reaction, "outcome")) not in {None, "unknown"}:
            yield "reaction", f"outcome: {outcome.replace('_', ' ')}"
        if country := known(reaction, "country"):
            yield "country", COUNTRIES[country]


def _drugs(drugs: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    suspect = [drug for drug in drugs if drug.get("role") in {"suspect", "interacting", None}]
    for drug in drugs:
        place = suspect.index(drug) + 1 if drug in suspect else None
        mark = "" if place is None else f"#{place}: "
        kind = "concomitant" if place is None else "suspect"
        yield from ((kind, mark + word) for word in words(drug, "name"))
        for dose in drug.get("doses") or ():
            if place is not None:
                yield from (("batch", word) for word in words(dose, "batch"))
                yield from (("route", mark + word) for word in words(dose, "route"))
                yield from (("regimen", word) for word in words(dose, "text"))
                yield from (("regimen", number) for number in numbers(dose, "dose"))
            for name in ("start", "end"):
                if (day := known(dose, name)) is not None:
                    yield "period" if place is not None else kind, as_date(day)
        for entry in drug.get("indications") or ():
            where = "indication" if place is not None else kind
            yield from ((where, word) for word in words(entry, "term"))


def folded(text: str) -> str:
    return "".join(text.split())


def held(boxes: Boxes, number: str) -> str:
    return folded("\n".join(line.text for line in boxes[number].lines))


def forms(case: Report) -> tuple[Boxes, Boxes]:
    """Give the boxes of both forms of a case, nothing withheld but the reporter."""
    steps = steps_of(case)
    options: dict[str, Any] = {
        "made_at": MADE_AT,
        "half_life_hours": HALF_LIFE,
        "identity": give_identity("case-1", steps[-1].state, case, SENDER),
    }
    cioms = build_cioms("case-1", 1, steps, variant="extended", **options)
    return cioms.boxes, build_medwatch("case-1", 1, steps, **options).boxes


def message_of(case: Report) -> dict[str, Any]:
    """Write a case as E2B(R3), and give what a reader makes of it."""
    return read_back(sent(outgoing(case))).data.model_dump(mode="json", exclude_none=True)


def ticked(boxes: Boxes, number: str) -> set[str]:
    return {tick.label for tick in boxes[number].ticks if tick.ticked}


def compare(case: Report) -> int:
    """Find every fact of the E2B message in both forms; gives how many there were."""
    message, (cioms, medwatch) = message_of(case), forms(case)
    found = list(facts(message))
    missing = [
        (what, fact, number)
        for what, fact in found
        for boxes, number in zip((cioms, medwatch), PLACES[what], strict=True)
        if number is not None and UNWRITABLE not in fact and folded(fact) not in held(boxes, number)
    ]
    assert missing == []
    stated = {
        name
        for reaction in message.get("reactions") or ()
        for name, value in (reaction.get("seriousness") or {}).items()
        if value is True
    } | {"death" for r in message.get("reactions") or () if r.get("outcome") == "fatal"}
    for name, (on_cioms, on_medwatch) in TICKS.items():
        assert (on_cioms in ticked(cioms, "8-12")) is (name in stated)
        assert (on_medwatch in ticked(medwatch, "B2")) is (name in stated)
    return len(found)


class TestAgreement:
    def test_a_study_case(self) -> None:
        # Counted by hand: control number, sex, initials, weight, age, history, reaction with onset
        # and outcome, test with figure and two limits, two answers and a method, suspect with
        # batch, two doses, two routes, four dates and an indication, concomitant with a date.
        assert compare(study_case()) == 29

    def test_drugs_and_reactions_are_as_many_and_in_the_same_order(self) -> None:
        case = study_case()
        message, (cioms, medwatch) = message_of(case), forms(case)

        suspects = [drug for drug in message["drugs"] if drug["role"] == "suspect"]
        assert len(cioms["14"].lines) == len(medwatch["C1"].lines) == len(suspects)
        assert len(medwatch["G7"].lines) == len(message["reactions"])
        assert held(cioms, "24c") == held(medwatch, "G3")
        assert held(cioms, "date") == held(medwatch, "B4") == "10-MAR-2026"

    def test_the_first_day_and_the_onset(self) -> None:
        cioms, medwatch = forms(study_case())

        assert [line.text for line in cioms["4-6"].lines] == ["01", "MAY", "2014"]
        assert held(medwatch, "B3") == "01-MAY-2014"

    @given(told=partial_cases())
    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_any_case(self, told: dict[str, Any]) -> None:
        assert compare(report(**replacing(told))) > 0

    @pytest.mark.parametrize("number", ["14", "7+13"])
    def test_a_fact_that_a_form_loses_is_found(
        self, number: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def without_a_box(case: Report) -> tuple[Boxes, Boxes]:
            cioms, medwatch = forms_of(case)
            empty = type(cioms[number])(number, "")
            return {**cioms, number: empty}, medwatch

        forms_of = forms
        monkeypatch.setitem(globals(), "forms", without_a_box)

        with pytest.raises(AssertionError):
            compare(study_case())
