"""Who may work at the desk, and who is signed in?"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import delete, insert, select, update

from safety.errors import SafetyError
from safety.store.desk_tables import sessions, users
from safety.store.sql import SqlStore


class Role(StrEnum):
    """What a person is at the desk; each may do what those before may, but the last."""

    VIEWER = "viewer"
    PROCESSOR = "processor"  # case processor
    REVIEWER = "reviewer"  # medical reviewer
    APPROVER = "approver"
    ADMINISTRATOR = "administrator"  # of users; decides nothing about cases


class UserError(SafetyError):
    """A user cannot be made or changed so; the message says why."""


@dataclass(frozen=True, slots=True)
class User:
    """
    A person at the desk.

    Attributes:
        zone: IANA zone in which times are shown, and whose calendar counts for what they decide.
        password_hash: None where an identity provider signs the person in.
    """

    name: str
    full_name: str
    role: Role
    password_hash: str | None
    zone: str
    language: str
    active: bool
    failures: int
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in user, and the token that forms must carry."""

    user: User
    csrf: str


_FIELDS = tuple(User.__dataclass_fields__)


def add_user(  # noqa: PLR0913 - what is known of a person, by name
    store: SqlStore,
    name: str,
    role: Role,
    *,
    password_hash: str | None,
    now: datetime,
    full_name: str | None = None,
    zone: str = "UTC",
    language: str = "en",
) -> None:
    """
    Add a person.

    Raises:
        UserError: There is one of that name.
    """
    with store.writing() as connection:
        if connection.scalar(select(users.c.name).where(users.c.name == name)) is not None:
            raise UserError(f"there is a user {name} already; see: safety user list")
        connection.execute(
            insert(users).values(
                name=name,
                full_name=full_name or name,
                role=role.value,
                password_hash=password_hash,
                zone=zone,
                language=language,
                active=True,
                created_at=now,
            )
        )


def change_user(store: SqlStore, name: str, **changes: object) -> None:
    """
    Change what is kept of a person; all their sessions end.

    Raises:
        UserError: There is nobody of that name.
    """
    with store.writing() as connection:
        changed = connection.execute(update(users).where(users.c.name == name).values(**changes))
        if changed.rowcount != 1:
            raise UserError(f"there is no user {name}; see: safety user list")
        connection.execute(delete(sessions).where(sessions.c.user == name))


def prefer(store: SqlStore, name: str, *, zone: str, language: str) -> None:
    """Keep how a person wants to see the desk."""
    with store.writing() as connection:
        connection.execute(
            update(users).where(users.c.name == name).values(zone=zone, language=language)
        )


def find_user(store: SqlStore, name: str) -> User | None:
    """Give a person by name."""
    with store.reading() as connection:
        row = connection.execute(select(users).where(users.c.name == name)).mappings().first()
    return None if row is None else _read(row)


def list_users(store: SqlStore) -> Sequence[User]:
    """Give all people, by name."""
    with store.reading() as connection:
        found = connection.execute(select(users).order_by(users.c.name)).mappings()
        return [_read(row) for row in found]


def note_failure(store: SqlStore, name: str, *, now: datetime) -> None:
    """Count a sign-in with a wrong password."""
    with store.writing() as connection:
        connection.execute(
            update(users)
            .where(users.c.name == name)
            .values(failures=users.c.failures + 1, failed_at=now)
        )


def begin_session(store: SqlStore, name: str, *, now: datetime) -> str:
    """Sign a person in and give the token of the session; what was counted against them goes."""
    token = secrets.token_urlsafe(32)
    with store.writing() as connection:
        connection.execute(
            update(users).where(users.c.name == name).values(failures=0, failed_at=None)
        )
        connection.execute(
            insert(sessions).values(
                token_digest=_digest(token),
                user=name,
                csrf=secrets.token_urlsafe(32),
                began_at=now,
                seen_at=now,
            )
        )
    return token


def end_session(store: SqlStore, token: str) -> None:
    """Sign out."""
    with store.writing() as connection:
        connection.execute(delete(sessions).where(sessions.c.token_digest == _digest(token)))


def find_session(
    store: SqlStore,
    token: str,
    *,
    now: datetime,
    idle: timedelta,
    longest: timedelta,
    noted: timedelta,
) -> Session | None:
    """
    Give who is signed in with a token; None where nobody is, or not any more.

    Args:
        store: Where sessions are.

        token: As the browser sent it.

        now: The present.

        idle: A session that was not used for so long has expired.

        longest: A session expires after so long in any case.

        noted: That it is used is written down only so often.
    """
    digest = _digest(token)
    with store.reading() as connection:
        row = (
            connection.execute(
                select(users, sessions.c.csrf, sessions.c.began_at, sessions.c.seen_at)
                .join(sessions, sessions.c.user == users.c.name)
                .where(sessions.c.token_digest == digest, users.c.active.is_(True))
            )
            .mappings()
            .first()
        )
    if row is None:
        return None
    if now - row["seen_at"] > idle or now - row["began_at"] > longest:
        end_session(store, token)
        return None
    if now - row["seen_at"] > noted:
        with store.writing() as connection:
            connection.execute(
                update(sessions).where(sessions.c.token_digest == digest).values(seen_at=now)
            )
    return Session(_read(row), row["csrf"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _read(row: object) -> User:
    values = {name: row[name] for name in _FIELDS}  # type: ignore[index]
    return User(**{**values, "role": Role(values["role"])})
