"""What lists say: two events that may be one, views that were kept."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    "reason.same": N_("The same as “{title}” from {partner}."),
    "twins.missing": N_("Nobody asks that any more: one of the two events has changed."),
    "saved.name": N_("Give the view a name of one to 60 letters."),
    "saved.known": N_("You have a view called “{name}” already. Choose another name."),
    "saved.many": N_("You have {most} views. Remove one before you keep another."),
    "saved.missing": N_("You have no such view any more."),
}
