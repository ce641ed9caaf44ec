"""Which reports are due on which day, as a calendar that any calendar program can subscribe to?"""

from reports.calendar.build import build_calendar
from reports.calendar.model import CalendarEntry, DutyCalendar
from reports.calendar.render import render_calendar
from reports.calendar.validate import validate_calendar

__all__ = [
    "CalendarEntry",
    "DutyCalendar",
    "build_calendar",
    "render_calendar",
    "validate_calendar",
]
