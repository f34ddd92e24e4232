"""What every reader of dates shares: names of months, zones and calendars, and which day a date in figures is."""

from factcheck.dating.figures import calendar_of, day_or_none

__all__ = ["calendar_of", "day_or_none"]
