"""Ways of looking at the queue that people keep: saved views, and what they searched for."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import RowMapping, delete, insert, select

from safety.store.desk_tables import queue_views
from safety.store.sql import SqlStore


@dataclass(frozen=True, slots=True)
class View:
    """A kept way of looking at the queue; without a title it is a search."""

    view_id: str
    title: str | None
    filters: Mapping[str, str]
    words: str


def keep_view(
    store: SqlStore,
    user: str,
    *,
    title: str | None,
    filters: Mapping[str, str],
    words: str,
    now: datetime,
) -> str:
    """Keep a way of looking at the queue, and give its name in addresses."""
    view_id = secrets.token_urlsafe(9)
    with store.writing() as connection:
        connection.execute(
            insert(queue_views).values(
                view_id=view_id,
                user=user,
                title=title,
                filters=dict(filters),
                words=words,
                made_at=now,
            )
        )
    return view_id


def find_view(store: SqlStore, user: str, view_id: str) -> View | None:
    """Give a view of this user."""
    asked = select(queue_views).where(queue_views.c.view_id == view_id, queue_views.c.user == user)
    with store.reading() as connection:
        row = connection.execute(asked).mappings().first()
    return None if row is None else _read(row)


def saved_views(store: SqlStore, user: str) -> Sequence[View]:
    """Give the views that this user saved, by title."""
    asked = (
        select(queue_views)
        .where(queue_views.c.user == user, queue_views.c.title.is_not(None))
        .order_by(queue_views.c.title)
    )
    with store.reading() as connection:
        return [_read(row) for row in connection.execute(asked).mappings()]


def drop_view(store: SqlStore, user: str, view_id: str) -> None:
    """Forget a view of this user."""
    with store.writing() as connection:
        connection.execute(
            delete(queue_views).where(queue_views.c.view_id == view_id, queue_views.c.user == user)
        )


def _read(row: RowMapping) -> View:
    return View(row["view_id"], row["title"], row["filters"], row["words"])
