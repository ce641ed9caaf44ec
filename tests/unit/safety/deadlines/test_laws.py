"""Laws that hold for any report: graver is never later, and the machine's zone plays no part."""

import time
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safety.rulebooks import Duty
from tests.support.decisions import obligations
from tests.support.reports import answers, reaction, report

CRITERIA = ("death", "life_threatening", "hospitalisation", "disability", "other_important")
TRIAL = {"study": {"study_id": "X-1", "study_type": "clinical_trial", "subject_id": "1"}}
STUDIES = st.sampled_from(({}, TRIAL))
COUNTRIES = st.sampled_from(("CN", "DE", "US", "JP", "GB", "CA", "CH"))
DAYS = st.sampled_from(("2014-05-06", "2024-02-20", "2026-03-02"))
TERMS = st.sampled_from(("Pulmonary embolism", "Diarrhoea", "xqzv wplk"))
ANSWER = st.sampled_from(("related", "not related", None))
SETS = st.frozensets(st.sampled_from(CRITERIA))


def first_due(
    criteria: frozenset[str],
    term: str,
    day: str,
    country: str,
    views: tuple[str | None, str | None],
    study: dict[str, Any],
) -> dict[tuple[str, str], date]:
    """The earliest initial report to each recipient."""
    told = report(
        received_at=f"{day}T09:00:00+08:00",
        most_recent_information=day,
        reactions=reaction(
            term={"text": term, "language": "en"},
            seriousness=dict.fromkeys(sorted(criteria), True) or None,
            country=country,
            onset=None,
        ),
        relatedness=answers(investigator=views[0], sponsor=views[1]) or None,
        **study,
    )
    found: dict[tuple[str, str], date] = {}
    for duty in obligations(told):
        if duty.duty is Duty.INITIAL:
            key = (duty.authority, duty.recipient)
            found[key] = min(duty.due, found.get(key, duty.due))
    return found


class TestGraver:
    @given(
        SETS, st.sampled_from(CRITERIA), TERMS, DAYS, COUNTRIES, st.tuples(ANSWER, ANSWER), STUDIES
    )
    def test_a_graver_case_is_never_due_later_nor_to_fewer(
        self,
        criteria: frozenset[str],
        added: str,
        term: str,
        day: str,
        country: str,
        views: tuple[str | None, str | None],
        study: dict[str, Any],
    ) -> None:
        rest = (term, day, country, views, study)
        milder, graver = first_due(criteria, *rest), first_due(criteria | {added}, *rest)

        assert milder.keys() <= graver.keys()
        assert all(graver[to] <= due for to, due in milder.items())


class TestServerZone:
    @pytest.fixture(params=["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati"])
    def zone(
        self, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
    ) -> Iterator[None]:
        monkeypatch.setenv("TZ", request.param)
        time.tzset()
        yield
        monkeypatch.undo()
        time.tzset()

    @pytest.mark.usefixtures("zone")
    def test_the_zone_of_the_server_moves_no_date(self) -> None:
        told = report(received_at="2026-03-01T23:40:00+00:00", office_zone="Europe/Berlin")
        due = {o.due for o in obligations(told) if o.authority == "EMA"}

        assert due == {date(2026, 3, 17)}  # 00:40 of 2 March in Berlin, and 15 days
