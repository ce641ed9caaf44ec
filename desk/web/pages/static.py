"""Files that pages refer to, and the sign of life for whoever watches the process."""

from fastapi import APIRouter
from starlette.responses import PlainTextResponse, Response

from desk.web.assets import read_asset

router = APIRouter()


@router.get("/static/{digest}/{name}")
async def static(digest: str, name: str) -> Response:
    """Give a file; its address changes with its content, so it may be kept for ever."""
    del digest
    content, kind = read_asset(name)
    return Response(
        content, media_type=kind, headers={"cache-control": "public, max-age=31536000, immutable"}
    )


@router.get("/alive")
async def alive() -> Response:
    """Say that the process runs."""
    return PlainTextResponse("alive\n")
