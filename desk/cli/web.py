"""`safety desk`: the triage desk in a browser."""

from datetime import timedelta
from functools import partial
from typing import Annotated

import typer

from consumers.e2b import own_sender
from consumers.lag import ask_ends
from consumers.log import configure_service_log
from consumers.settings import Settings
from desk.cli.arguments import parse_day
from desk.cli.failures import UsageFault
from desk.cli.opening import knowledge_of, opened_store, settings_of
from desk.cli.screen import hint
from safety.store.people import list_users

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


def desk(
    context: typer.Context,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on.", show_default="SAFETY_DESK_HOST")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port.", show_default="SAFETY_DESK_PORT"),
    ] = None,
    insecure: Annotated[
        bool,
        typer.Option(
            "--insecure", help="Serve without HTTPS in front; only on the loopback address."
        ),
    ] = False,
    demo: Annotated[
        bool,
        typer.Option(
            "--demo",
            help="Sign a made-up approver in without a password; only on the loopback address,"
            " only where all cases are made up.",
        ),
    ] = False,
    as_of: Annotated[
        str | None,
        typer.Option(
            metavar="DATE",
            help="Show time left as on this day: to look at an old study.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """
    Serve the triage desk, where drug safety officers work.

    Make the first administrator with `safety user add`. Put a proxy that speaks HTTPS in front of
    it; cookies go over HTTPS only. Decisions are handled as every message is and published with
    the rest of the outbox, so that `safety consume` and a replay know them.
    """
    settings = settings_of(context)
    address = host or settings.desk_host
    secure = settings.desk_secure and not insecure and not demo
    if demo and address not in LOOPBACK:
        raise UsageFault(f"the demo is served on the loopback only, not on {address}")
    if not secure and address not in LOOPBACK:
        raise UsageFault(f"without HTTPS the desk is served on the loopback only, not on {address}")
    try:
        import uvicorn  # noqa: PLC0415 - an optional package, and slow to load

        from desk.cli.demo_user import DEMO, make_demo_user  # noqa: PLC0415
        from desk.web.app import create_app  # noqa: PLC0415
        from desk.web.context import Desk, Manners  # noqa: PLC0415
        from desk.web.kept import Kept  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise UsageFault(
            f"the desk needs the package {error.name}: pip install 'sorafenib-safety[desk]'"
        ) from None
    configure_service_log(settings.log_level)
    with opened_store(context) as store:
        password = make_demo_user(store) if demo else None
        if not any(user.active for user in list_users(store)):
            raise UsageFault(
                "nobody may sign in yet; make the first one:"
                " safety user add NAME --role administrator"
            )
        manners = Manners(
            secure=secure,
            hosts=tuple(sorted(LOOPBACK)) if demo else _hosts(settings, address),
            demo=DEMO if demo else None,
            idle=timedelta(minutes=settings.desk_idle_minutes),
            longest=timedelta(hours=settings.desk_session_hours),
            manufacturer=settings.manufacturer,
            sender=own_sender(settings),
            as_of=parse_day(as_of),
        )
        hint(f"The desk is at http://{address}:{port or settings.desk_port}/")
        if password is not None:
            hint(f"{DEMO} is signed in; to sign a case the password is {password}")
        uvicorn.run(
            create_app(
                Desk(
                    store,
                    knowledge_of(context),
                    manners,
                    ends=Kept(partial(ask_ends, settings), timedelta(minutes=1)),
                )
            ),
            host=address,
            port=settings.desk_port if port is None else port,
            access_log=False,  # addresses stay out of logs
            log_config=None,
            server_header=False,
            date_header=True,
            timeout_graceful_shutdown=5,
        )


def _hosts(settings: Settings, address: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*settings.desk_hosts, address)))
