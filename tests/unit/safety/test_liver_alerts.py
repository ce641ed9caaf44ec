"""The alert of a subject whose liver tests look like Hy's law."""

import pytest

from safety.liver import Ground, LiverScreen
from safety.liver_alerts import decide_liver_alerts
from schemas.messages.outgoing import AlertRaised

SUBJECT = "NCT01751763/01-001"
OPEN = ("ALP and its upper limit near the transaminase",)


def screen(*, met: bool | None, both_rises: bool = True) -> LiverScreen:
    missing = () if met is not None else OPEN
    ground = Ground("FDA-2009", "V", "LB1", "LB2", None, both_rises, missing)
    return LiverScreen(met, None if met is False else ground, missing)


MET, UNDECIDED, NOT_MET = screen(met=True), screen(met=None), screen(met=False)
UNKNOWN = screen(met=None, both_rises=False)


class TestDecideLiverAlerts:
    @pytest.mark.parametrize(
        ("before", "after", "count"),
        [
            (None, MET, 1),
            (NOT_MET, MET, 1),
            (UNKNOWN, MET, 1),
            (UNDECIDED, MET, 1),
            (MET, MET, 0),
            (None, UNDECIDED, 1),
            (NOT_MET, UNDECIDED, 1),
            (UNDECIDED, UNDECIDED, 0),
            # once told that it is met, an undecided state is no news
            (MET, UNDECIDED, 0),
            (MET, NOT_MET, 0),
            (None, NOT_MET, 0),
            (None, UNKNOWN, 0),
        ],
    )
    def test_only_what_is_new_alerts(
        self, before: LiverScreen | None, after: LiverScreen, count: int
    ) -> None:
        assert len(list(decide_liver_alerts(SUBJECT, before, after))) == count

    def test_the_same_ground_has_the_same_id_whatever_came_between(self) -> None:
        (first,) = decide_liver_alerts(SUBJECT, None, MET)
        (again,) = decide_liver_alerts(SUBJECT, NOT_MET, MET)
        (undecided,) = decide_liver_alerts(SUBJECT, None, UNDECIDED)
        (other,) = decide_liver_alerts("NCT01751763/01-002", None, MET)

        assert first.alert_id == again.alert_id
        assert len({first.alert_id, undecided.alert_id, other.alert_id}) == 3

    def test_it_names_criterion_evidence_and_what_is_missing(self) -> None:
        (met,) = decide_liver_alerts(SUBJECT, None, MET)
        (undecided,) = decide_liver_alerts(SUBJECT, None, UNDECIDED)

        assert "FDA-2009 (V)" in met.text
        assert OPEN[0] in undecided.text

    def test_it_fits_the_message_in_which_it_is_published(self) -> None:
        (met,) = decide_liver_alerts(SUBJECT, None, MET)
        told = AlertRaised(
            alert_id=met.alert_id,
            kind="potential_hys_law",
            case_id=met.case_id,
            text=met.text,
            synthetic=True,
        )

        assert told.kind == met.kind
