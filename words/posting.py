"""What is said of posts on their way, of what is done by hand, and of channels."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    # the queue
    "queue.past": N_("That time is over already. Choose a later one."),
    "queue.too_late": N_("By then the event has begun. Choose an earlier time."),
    "queue.time": N_("Choose a day and a time."),
    "queue.nothing_to_undo": N_("There is nothing to take back."),
    "queue.replaced": N_("Another post has taken its place meanwhile, so this one stays away."),
    "queue.corrected": N_("It was corrected meanwhile: take the correction back first."),
    "queue.not_approved": N_("Its event is not approved any more, so this post stays away."),
    "done.move": N_("It goes out {when}."),
    "done.move.quiet": N_("It goes out {when}, within the quiet hours."),
    "done.move.close": N_("It goes out {when}, close to another post there."),
    "done.move.quiet.close": N_(
        "It goes out {when}, within the quiet hours and close to another post there."
    ),
    "done.reword": N_("The words are kept; this is what goes out."),
    "done.leave": N_("Noted: it is not sent."),
    "done.taken_back": N_("Taken back: it is as it was before."),
    # by hand
    "hand.address": N_("Paste the address of the one that the partner has."),
    "hand.changed": N_("It has changed once more while you were at it. Look at the words again."),
    "hand.picture": N_("That post has no picture."),
    "done.done": N_("Noted: it is up."),
    "done.theirs": N_("Noted: the partner’s own is linked, so nothing is to do."),
    "done.corrected": N_("Noted: it is corrected."),
    "done.later": N_("It comes back {when}."),
    "done.later.quiet": N_("It comes back {when}."),
    "done.later.close": N_("It comes back {when}."),
    "done.later.quiet.close": N_("It comes back {when}."),
    "done.skip": N_("Left out."),
    "posted.hand": N_("You put it up"),
    "posted.hand.SENT": N_("Put up"),
    "posted.correct": N_("To be corrected by hand"),
    # the fields of a form elsewhere
    "part.name": N_("Name"),
    "part.when": N_("When"),
    "part.starts": N_("Starts"),
    "part.ends": N_("Ends"),
    "part.place": N_("Place"),
    "part.details": N_("Details"),
    "part.tickets": N_("Ticket link"),
    # channels
    "channel.missing": N_("There is no such channel."),
    "channel.version": N_("Somebody changed this channel a moment ago. Look again."),
    "channel.state": N_("That can’t be done with this channel now."),
    "channel.times": N_("Name at least one time of the day, and no time twice."),
    "channel.every": N_("Every so many minutes: a number from 1 to 1,440."),
    "channel.quiet": N_("The quiet hours need a beginning and an end, and not the same."),
    "channel.all_quiet": N_("Every one of these times lies within the quiet hours."),
    "channel.used": N_("Something was shared there, so it can only be put away."),
    "channel.on_the_wire": N_(
        "Something is going out there at this moment, or may be out. Wait, or answer for it in the"
        " queue."
    ),
    "done.channel.rhythm": N_("The times of {name} are kept. What waits keeps the time it has."),
    "done.channel.off": N_("{name} is off. What waits there stays where it is."),
    "done.channel.on": N_(
        "{name} is on again. What had waited too long takes the next free times."
    ),
    "done.channel.archive": N_("{name} is put away. What waited there is withdrawn."),
    "done.channel.remove": N_("{name} is removed. Nothing was ever shared there."),
    "done.channel.test": N_("It works. Nothing was posted."),
    "done.channel.taken_back": N_("{name} is as it was before. Withdrawn posts stay withdrawn."),
}
