"""Who must be told that two cases may be one?"""

from safety.alerts import Alert, alert_id
from safety.duplicates import Pair

KIND = "possible_duplicate"


def alert_possible_duplicate(pair: Pair) -> Alert:
    """Give the alert of a pair; one pair alerts once, whichever case came last."""
    return Alert(
        alert_id=alert_id(KIND, f"{pair.case_id}\n{pair.other_id}"),
        kind=KIND,
        case_id=pair.case_id,
        obligation_id=None,
        authority=None,
        due=None,
        text=f"looks like case {pair.other_id} ({pair.score:g} bits); compare them, then merge or"
        " record that they are two events",
    )
