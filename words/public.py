"""What the public pages say: filters, reports, and what changed."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    # days that a list is asked for
    "public.when.today": N_("Today"),
    "public.when.tomorrow": N_("Tomorrow"),
    "public.when.weekend": N_("This weekend"),
    "public.when.week": N_("The next seven days"),
    "public.when.month": N_("The next month"),
    # what helps somebody to come
    "public.access.free": N_("Free"),
    "public.access.online": N_("Online"),
    "public.access.wheelchair": N_("Wheelchair accessible"),
    "public.access.sign_language": N_("Sign language"),
    "public.access.hearing_loop": N_("Hearing loop"),
    "public.access.captions": N_("Captions"),
    "public.access.sensory": N_("Relaxed or sensory-friendly"),
    # whether one can book
    "public.registration.OPEN": N_("Book with them"),
    "public.registration.CLOSED": N_("Booking is closed"),
    "public.registration.FULL": N_("Fully booked"),
    "public.registration.WAITLIST": N_("Full, with a waiting list"),
    # what may be wrong about an event
    "report.time": N_("The day or the time"),
    "report.place": N_("The place"),
    "report.cancelled": N_("It does not take place"),
    "report.price": N_("The price or the booking"),
    "report.other": N_("Something else"),
    "report.what": N_("Choose what is wrong, so that we know where to look."),
    "report.text": N_("Say in a few words what is wrong."),
    "report.long": N_("That is too long: {most} characters at most."),
    "report.old": N_("This page was open for too long, or was sent too fast. Send it again."),
    "report.often": N_(
        "A lot was sent from where you are. Wait {minutes} minutes, then send it again."
    ),
}
