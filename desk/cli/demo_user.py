"""Whom the demo of the desk signs in: a person who is made up, over cases that are made up."""

import secrets
from datetime import UTC, datetime

from desk.cli.failures import UsageFault
from desk.web.passwords import hash_password
from safety.store import SqlStore
from safety.store.audit import note_act
from safety.store.people import Role, add_user, change_user, find_user
from safety.store.queue import holds_real_cases

DEMO = "demo"


def make_demo_user(store: SqlStore) -> str:
    """
    Add the demo's user, or give it a new password; gives the password, drawn anew each time.

    Raises:
        UsageFault: The store holds cases that are not marked as made up, or a person of that name.
    """
    if holds_real_cases(store):
        raise UsageFault(
            "the store holds cases that are not marked as made up: the demo would open them to"
            " whoever is at this machine; serve another store, such as that of: safety demo"
        )
    password, now = secrets.token_urlsafe(12), datetime.now(UTC)
    hashed, known = hash_password(password), find_user(store, DEMO)
    if known is None:
        add_user(
            store, DEMO, Role.APPROVER, password_hash=hashed, now=now, full_name="Demo Approver"
        )
    elif known.full_name != "Demo Approver":
        raise UsageFault(f"there is a person called {DEMO} already; rename or serve another store")
    else:
        change_user(store, DEMO, password_hash=hashed, active=True, failures=0, failed_at=None)
    note_act(store, "command line", "demo_user", now=now)
    return password
