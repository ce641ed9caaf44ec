"""Can the calendar be read back, and does it say what it was made of?"""

from collections.abc import Iterator

from icalendar import Calendar

from reports.calendar.model import DutyCalendar


def validate_calendar(calendar: DutyCalendar, content: bytes) -> Iterator[str]:
    """Name each entry that the rendered calendar does not hold as it should."""
    found = {
        str(event["uid"]).partition("@")[0]: event.decoded("dtstart")
        for event in Calendar.from_ical(content).walk("VEVENT")
    }
    if len({entry.uid for entry in calendar.entries}) != len(calendar.entries):
        yield "two entries have one id"
    for entry in calendar.entries:
        if found.get(entry.uid) != entry.day:
            yield f"entry {entry.uid} does not stand on {entry.day}"
    if extra := found.keys() - {entry.uid for entry in calendar.entries}:
        yield f"{len(extra)} entries stand in the calendar that nobody asked for"
