"""When: bell schedules, the calendar, meetings in the school's time zone, calendar feeds."""
