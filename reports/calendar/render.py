"""A calendar of duties as iCalendar (RFC 5545), for a file or a subscription."""

from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event

from reports.calendar.model import CalendarEntry, DutyCalendar

DOMAIN = "sorafenib-safety"
REFRESH = "PT1H"  # how often a program that subscribed should look again


def render_calendar(calendar: DutyCalendar) -> bytes:
    """
    Give the calendar as iCalendar.

    All entries are whole days and take no time off anybody's calendar. A legal date reminds one day
    before.
    """
    told = Calendar()
    told.add("prodid", f"-//{DOMAIN}//duties to report//EN")
    told.add("version", "2.0")
    told.add("method", "PUBLISH")
    told.add("x-wr-calname", "Duties to report")
    told.add("x-published-ttl", REFRESH)
    for entry in calendar.entries:
        told.add_component(_event(entry, calendar))
    content: bytes = told.to_ical()
    return content


def _event(entry: CalendarEntry, calendar: DutyCalendar) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@{DOMAIN}")
    event.add("dtstamp", calendar.made_at.astimezone(UTC))
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.title)
    event.add("description", entry.text)
    event.add("categories", [entry.authority, "internal target" if entry.is_target else "due date"])
    event.add("transp", "TRANSPARENT")
    if not entry.is_target:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", entry.title)
        alarm.add("trigger", timedelta(days=-1))
        event.add_component(alarm)
    return event
