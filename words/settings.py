"""What the settings pages say."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    "choice.name": N_("Give it a name of at most {most} characters."),
    "choice.taken": N_("There is a “{name}” already. Choose another name."),
    "choice.missing": N_("That is not there any more."),
    "group.ages": N_("An age is a number of years, and the first is not above the second."),
    "library.name": N_("Say what the library is called, in at most {most} characters."),
    "library.town": N_("The town’s name has at most {most} characters."),
    "done.choice_saved": N_("Saved “{name}”."),
    "done.choice_removed": N_("Removed “{name}”. What has it already keeps it."),
    "done.choice_restored": N_("“{name}” is back."),
    "done.library": N_("Saved. The calendar carries the new name."),
    "done.person": N_("{name} can come in with the link below. It works once, for seven days."),
    "done.person_gone": N_("{name} can’t log in any more."),
    "done.person_back": N_("{name} can log in again."),
    "done.role": N_("{name} is {role} now."),
    "done.sample": N_(
        "The sample town is loaded: {n} partners. Their events come in by themselves."
    ),
    "done.sample_away": N_("The sample town is gone, with its events."),
    "sample.left": N_("The sample town was taken away"),
    "done.place_removed": N_("Removed “{name}”. Distances are from the others now."),
    # Today
    "done.two_events": N_("Two events. Nobody is asked again."),
    "done.same_event": N_("One event. The other one is declined."),
    "done.report": N_("Dealt with."),
    "role.staff": N_("staff"),
    "role.administrator": N_("administrator"),
    "person.last": N_("Somebody has to look after the house: make another administrator first."),
    "person.yourself": N_("You can’t do that to yourself. Ask another administrator."),
    "person.missing": N_("Nobody of that name can log in here."),
    "person.link": N_("This link no longer works. Ask an administrator for a new one."),
}
