"""Pages from templates: escaped always, in the reader's language, times in the reader's zone."""

from datetime import UTC, date, datetime
from functools import cache, partial
from zoneinfo import ZoneInfo

from fastapi import Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.responses import HTMLResponse

from desk.values import spaced, value_text
from desk.web.actions import Action
from desk.web.assets import asset
from desk.web.language import LANGUAGES, preferred, translate
from desk.web.timeleft import TimeLeft, tell_time_left
from desk.web.visit import Visit
from safety.deadlines import Obligation
from safety.store.queue_row import QueueRow, ref_of


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("desk.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["value"] = value_text
    made.filters["spaced"] = spaced
    made.globals.update(
        addressee=addressee, Action=Action, asset=asset, languages=LANGUAGES, ref_of=ref_of
    )
    return made


def page(
    request: Request,
    template: str,
    *,
    visit: Visit | None,
    status: int = 200,
    **values: object,
) -> HTMLResponse:
    """
    Render a page.

    Args:
        request: What was asked.

        template: Name of the template.

        visit: Who asked; None where nobody is signed in.

        status: Status of the answer.

        values: What the template shows.
    """
    language = (
        preferred(request.headers.get("accept-language", ""))
        if visit is None
        else (visit.user.language)
    )
    zone = ZoneInfo("UTC") if visit is None else visit.zone
    html = (
        _environment()
        .get_template(template)
        .render(
            visit=visit,
            path=request.url.path,
            language=language,
            status=status,
            t=partial(translate, language),
            when=partial(show_instant, zone),
            left=partial(_left, visit),
            **values,
        )
    )
    return HTMLResponse(html, status)


def addressee(duty: Obligation | QueueRow) -> str:
    """Give whom a duty is to: the authority, and who of it where that is somebody else."""
    recipient = spaced(duty.recipient or "")
    return f"{duty.authority} {recipient}" if recipient != duty.authority else recipient


def show_instant(zone: ZoneInfo, instant: datetime | str | None) -> Markup:
    """Show an instant in the reader's zone, with UTC on hover; a dash for none."""
    if instant is None:
        return Markup("-")
    at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    utc = at.astimezone(UTC)
    return Markup('<time datetime="{}" title="{} UTC">{}</time>').format(
        utc.isoformat(timespec="seconds"),
        f"{utc:%Y-%m-%d %H:%M:%S}",
        f"{at.astimezone(zone):%Y-%m-%d %H:%M}",
    )


def _left(visit: Visit | None, due: date, days: int | None, sent: str | None) -> TimeLeft:
    assert visit is not None  # noqa: S101 - only signed-in readers see due dates
    return tell_time_left(due, days, sent, visit.today)
