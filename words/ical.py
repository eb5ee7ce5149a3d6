"""What to say of an iCalendar feed, and of series whose dates can't be told."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    # there is no calendar
    "ical.is_page": N_(
        "A web page came instead of a calendar: perhaps an error, a log-in or a check for robots."
        " Open the address in a browser, or ask the partner for another one."
    ),
    "ical.is_data": N_(
        "An answer for programs came instead of a calendar: perhaps the group or calendar is gone."
        " Ask the partner for the address."
    ),
    "ical.not_calendar": N_("This is no calendar. Check the address."),
    # what in a calendar was doubtful
    "ical.cut_off": N_("The calendar ends in the middle, so its last events may be missing."),
    "ical.private": N_("{count} events are marked as private, so they were left out."),
    "ical.busy": N_(
        "{count} entries only say that somebody is busy, so they were left out. Ask the partner to"
        " publish the details of the events."
    ),
    "ical.zone": N_(
        "Nobody knows the time zone “{zone}”. Times in it were read by the feed’s own zone, or"
        " yours; check one of them."
    ),
    "ical.property": N_("The part {name} can’t be understood, so it was left out."),
    "ical.several_rules": N_(
        "This series repeats by several rules at once, which we can’t follow. Only its first date"
        " was kept."
    ),
    "recurrence.unreadable": N_(
        "How this series repeats can’t be understood. Only its first date was kept."
    ),
    "recurrence.calendar": N_(
        "This series repeats by another calendar than the Gregorian, or asks for dates that do not"
        " exist to be moved, which we can’t follow. Only its first date was kept."
    ),
    "recurrence.too_much": N_(
        "This series has too many dates to count them. Only its first date was kept."
    ),
    "recurrence.limit": N_("This series has too many dates. Only the first {limit} are shown."),
}
