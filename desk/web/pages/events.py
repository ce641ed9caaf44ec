"""
What has changed, as it changes: server-sent events, so that nobody has to load the queue again.

The instant of a version is that of its batch, which becomes visible a little later; so each look
goes back some seconds, and what was told already is left out.
"""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Annotated

import orjson
from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from desk.web.actions import Action
from desk.web.context import Desk
from desk.web.visit import Visit, allowed
from safety.errors import TransientError
from safety.store.queue import changed_since

router = APIRouter()
PAUSE = 0.5  # seconds between two looks
BACK = timedelta(seconds=15)
MOST = 2_000  # changes looked at
QUIET = 30  # looks without a change after which a comment keeps the line open
LOOKS = 3_600  # then the browser asks again, and its session is checked again


@router.get("/events")
async def events(
    request: Request, visit: Annotated[Visit, allowed(Action.VIEW)]
) -> StreamingResponse:
    """Tell the names of cases that get a new version."""
    return StreamingResponse(
        _changes(request, visit.desk, visit.now),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )


async def _changes(request: Request, desk: Desk, since: datetime) -> AsyncIterator[bytes]:
    told: dict[str, int] = {}
    quiet = 0
    yield b"retry: 2000\n\n"
    for _ in range(LOOKS):
        if await request.is_disconnected():
            return
        try:
            found = await run_in_threadpool(changed_since, desk.store, since - BACK, limit=MOST)
        except TransientError:
            return  # the browser comes back by itself
        fresh = [each for each in found if told.get(each.ref, 0) < each.version]
        told |= {each.ref: each.version for each in fresh}
        if fresh:
            since = max(since, *(each.at for each in fresh))
            yield b"event: cases\ndata: " + orjson.dumps([each.ref for each in fresh]) + b"\n\n"
        quiet = 0 if fresh else quiet + 1
        if quiet and quiet % QUIET == 0:
            yield b": still here\n\n"
        await asyncio.sleep(PAUSE)
