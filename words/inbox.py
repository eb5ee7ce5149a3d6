"""What the inbox says: who was faster, why something is declined, what was decided together."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    # views of the rail beside those in words/web.py
    "view.soon": N_("Soon, undecided"),
    "view.all": N_("Everything"),
    "empty.soon": N_("What begins within three days and nobody decided about appears here."),
    "empty.all": N_("Every event that a feed ever told of appears here, also what is over."),
    # what was decided, as a filter names it
    "state.NEW": N_("New"),
    "state.HELD": N_("Held"),
    "state.APPROVED": N_("On the calendar"),
    "state.DECLINED": N_("Declined"),
    "state.SNOOZED": N_("Snoozed"),
    # somebody else decided meanwhile
    "faster.share": N_("{actor} shared this {when}."),
    "faster.calendar_only": N_("{actor} put this on the calendar {when}."),
    "faster.decline": N_("{actor} declined this {when}."),
    "faster.snooze": N_("{actor} snoozed this {when}."),
    "faster.undo": N_("{actor} took the last decision back {when}."),
    "faster.return": N_("It changed at the source {when}, and came back to be looked at."),
    "faster.edit": N_("{actor} changed this {when}."),
    "faster.take_theirs": N_("{actor} took over what the source says {when}."),
    "faster.keep_ours": N_("{actor} looked at what the source says {when}, and kept ours."),
    "faster.put_back": N_("{actor} took a change back {when}."),
    "faster.list": N_("It went on the calendar by itself {when}."),
    # the same of one among several, which is named
    "stays": N_("“{title}” stays as it is: {why}"),
    # reasons to decline that need no typing
    "reason.private": N_("Not open to everybody"),
    "reason.far": N_("Too far away"),
    "reason.sales": N_("It sells something"),
    "reason.twice": N_("We have it already"),
    "reason.fit": N_("Not for our readers"),
    # several at once
    "bulk.nothing": N_("Nothing was chosen, so nothing was decided."),
    "bulk.most": N_("That is too much at once: {most} at most."),
    "bulk.missing": N_("There is no such decision."),
    "together.calendar_only": N_("On the calendar: {events}."),
    "together.decline": N_("Declined: {events}."),
    "together.snooze": N_("Snoozed: {events}."),
    "alike.title": N_("{partner}, the same title"),
    "alike.category": N_("{partner}, {category}"),
    # keys
    "key.next": N_("The next event"),
    "key.back": N_("The one before"),
    "key.edit": N_("Edit"),
    "key.undo": N_("Undo what you decided last"),
    "key.select": N_("Choose it, to decide about several at once"),
    "key.together": N_("Decide about all that are chosen"),
    "key.alike": N_("All like this"),
    "key.search": N_("Search"),
    "key.keys": N_("All keys"),
    "key.leave": N_("Leave a field, close what is open"),
    "key.pick": N_("The first, second … choice of what is open"),
}
