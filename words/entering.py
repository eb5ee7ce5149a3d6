"""What is said where staff enter events of the library's own."""

from words.mark import N_

SENTENCES = {
    "entering.not_ours": N_("A partner’s feed tells of this event, so it is not entered here."),
    "entering.told": N_(
        "A post tells of it already. Cancel it instead, so that whoever read the post learns of it."
    ),
    "entering.empty": N_("Paste the words of an e-mail or a flyer first."),
    # what is wrong with a field
    "entering.title": N_("Give it a title."),
    "entering.no_day": N_("Say on which day it is."),
    "entering.day": N_("We can’t read “{text}” as one day. Write it like 12 Dec 2026."),
    "entering.unread_day": N_("We can’t read “{text}” as one day. Write it like 14 Dec 2026."),
    "entering.past": N_("That day is over already. Choose a later one."),
    "entering.last": N_("The last day is before the first one."),
    "entering.no_clock": N_("Say when it begins, or tick “All day”."),
    "entering.clock": N_("We can’t read “{text}” as one time. Write it like 6:30 pm or 18:30."),
    "entering.no_end": N_("It goes on for several days: say when it ends on the last one."),
    "entering.end": N_("It ends before it begins. Look at both times again."),
    "entering.gap": N_(
        "On {day} the clocks go forward: {at} does not exist that night. Choose {then}, or another"
        " time."
    ),
    "entering.first": N_(
        "{day} is not one of these dates. The next one that is: {first}. Change the day, or the"
        " repeat."
    ),
    "entering.until": N_("It stops repeating before its first day."),
    "entering.no_date": N_("No date is left: every one of them is left out."),
    "entering.age": N_("An age is a number of years, like 6."),
    "entering.ages": N_("The upper age is below the lower one."),
    "entering.address": N_("“{text}” is not a web address. It should look like example.org/page."),
    "entering.span": N_("Say whether it is each day, or goes on without a break."),
    "repeat.unknown": N_(
        "We don’t understand “{words}”. Say it like: every Tuesday, 12 times; every 2 weeks until"
        " 16 Feb; every month on the second Friday."
    ),
    "repeat.two_ends": N_("Say either how often or until when, not both."),
    "repeat.until": N_("“{words}” can be more than one day. Write it like 16 Feb 2027."),
    # what a letter leaves open
    "ask.day.next": N_("Which day is “{words}”? It can be either."),
    "ask.day.same_weekday": N_("Which day is “{words}”? Today, or in a week?"),
    "ask.day.order": N_("Which day is “{words}”? The day and the month can be read both ways."),
    "ask.day.weekday_differs": N_(
        "Which day is “{words}”? The weekday and the date don’t go together."
    ),
    "ask.day.month": N_("Which day is “{words}”? The month is not said."),
    "ask.day.far": N_("Is “{words}” next year? This year’s is over."),
    "ask.day.several": N_("Which of these days? More than one is named."),
    "ask.day.first": N_("When is the first one? “{words}” does not say."),
    "ask.day.span": N_("Is it open each day, or one event without a break?"),
    "ask.hour.half": N_("Morning or evening? “{words}” can be either."),
    "ask.hour.several": N_("Which of these times? More than one is named."),
    "ask.hour.midnight": N_(
        "Which midnight? It belongs to two days. Say the day and the time below, like 11:59 pm."
    ),
    # the fields, beside the words that fill them
    "entry.title": N_("Title"),
    "entry.day": N_("Day"),
    "entry.last": N_("Last day"),
    "entry.start": N_("From"),
    "entry.end": N_("Until"),
    "entry.repeat": N_("Repeats"),
    "entry.place": N_("Where"),
    "entry.address": N_("Address"),
    "entry.organizer": N_("Who"),
    "entry.price": N_("Price"),
    "entry.audience": N_("For"),
    "entry.age_from": N_("Ages"),
    "entry.booking_url": N_("Booking"),
    "entry.online_url": N_("Online"),
    "entry.access": N_("Getting in"),
    "entry.url": N_("Page"),
    "entry.image": N_("Picture"),
    "entry.asked": N_("{field}?"),
    # after something was done
    "done.amended": N_("Saved. “{title}” is told anew wherever it is listed."),
    "done.unchanged": N_("Nothing was changed."),
    "done.cancelled": N_("“{title}” is marked as cancelled; it stays on the calendar."),
    "done.reinstated": N_("“{title}” takes place after all."),
    "done.removed": N_("“{title}” is off the calendar."),
}
