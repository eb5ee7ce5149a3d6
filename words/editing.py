"""Sentences about an event's facts in our words, its history and its notes."""

from words.mark import N_

SENTENCES = {
    "edit.line": N_("There is nothing to put back there."),
    "edit.date": N_("The series has no such date any more. Choose another one."),
    "note.empty": N_("Write something first."),
    "note.long": N_("A note may have {most} characters. Shorten it, and add it again."),
    "note.missing": N_("That note is gone already, or it is somebody else’s."),
    "edited.edit": N_("Kept: {part}. It is ours now, whatever the source says."),
    "edited.same": N_("Nothing was different, so nothing has changed."),
    "edited.theirs": N_("Taken from the source: {part}. It follows them again."),
    "edited.ours": N_("Ours stays: {part}."),
    "edited.put_back": N_("Put back. “{title}” is as it was before that change."),
    # the parts of an event
    "fact.title": N_("Title"),
    "fact.when": N_("When"),
    "fact.status": N_("Whether it takes place"),
    "fact.place": N_("Place"),
    "fact.online": N_("Online"),
    "fact.price": N_("Price"),
    "fact.audience": N_("For"),
    "fact.booking": N_("Booking"),
    "fact.access": N_("Access"),
    "fact.page": N_("Page"),
    "fact.text": N_("Description"),
    "fact.picture": N_("Picture in words"),
    "fact.categories": N_("Categories"),
    # what is wrong with something typed
    "typed.title": N_("An event needs a title."),
    "typed.long": N_("This is too long: {most} characters at most."),
    "typed.day": N_("Write the day like 2026-12-15."),
    "typed.time": N_("Write the time like 18:30."),
    "typed.end_day": N_("The last day is before the first one. Choose a later one."),
    "typed.end_before": N_(
        "The end is not after the start. Write a later time, or leave it empty."
    ),
    "typed.gap": N_(
        "There is no {time} on {day}: the clocks go forward over it. Write {later}, or another"
        " time."
    ),
    "typed.twice": N_(
        "{time} comes twice that night, since the clocks go back. The first of the two is meant."
    ),
    "typed.choice": N_("Choose one of these."),
    "typed.price": N_("Write what it costs, for example 12–18 USD."),
    "typed.age": N_("Write an age in years, for example 6."),
    "typed.ages": N_("The upper age is below the lower one."),
    "typed.address": N_("A web address begins with https:// and has no spaces."),
    # what happened to an event
    "history.share": N_("{actor} shared it"),
    "history.calendar_only": N_("{actor} put it on the calendar"),
    "history.decline": N_("{actor} declined it"),
    "history.snooze": N_("{actor} snoozed it"),
    "history.undo": N_("{actor} took the last decision back"),
    "history.return": N_("It came back to be looked at, since it had changed"),
    "history.list": N_("It went on the calendar by itself: this partner is trusted"),
    "history.amend": N_("{actor} changed it"),
    "history.cancel": N_("{actor} called it off"),
    "history.reinstate": N_("{actor} put it back on: it takes place after all"),
    "history.edit": N_("{actor} changed {part}"),
    "history.take_theirs": N_("{actor} took what the source says: {part}"),
    "history.keep_ours": N_("{actor} kept ours: {part}"),
    "history.put_back": N_("{actor} put back {part}"),
    "history.other": N_("{actor} did something to it"),
    "history.fetch": N_("{partner} changed it"),
    "history.kept": N_("{partner} changed it; not taken, since ours is kept"),
    "history.reader": N_("We read their feed better than before"),
    "history.tzdata": N_("The clocks of its time zone are known better than before"),
    "history.staff": N_("Changed here"),
    "history.arrived": N_("Arrived from {partner}"),
}
