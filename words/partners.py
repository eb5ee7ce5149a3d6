"""What to say of partners and how their feeds are."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    "feed_state.paused": N_("Paused. Nobody reads it until you go on."),
    "feed_state.new": N_("Not read yet. That happens within seconds."),
    "feed_state.waiting": N_("Waiting for its turn."),
    "feed_state.stuck": N_("It has waited for a while. Is the worker running?"),
    "feed_state.well": N_("Reads well. Events in it: {held}."),
    "feed_state.empty": N_("Reads well, but there is no event in it just now."),
    "feed_state.part": N_("Reads, with something doubtful in it. Events in it: {held}."),
    "feed_state.failing": N_("Fails since {since}. {why}"),
    "feed_state.ours": N_("What staff enter by hand. Events: {held}."),
    "feed_state.none": N_("We don’t know yet where they list their events."),
    "partner.trust": N_("Choose whether their events wait for you or go straight up."),
    "partner.credit": N_("That is too long: {most} characters at most."),
    "partner.contact": N_("That is too long: {most} characters at most."),
    "source.paused": N_("It is paused. Go on with it first."),
    "source.same": N_("That is the address we have."),
    "done.partner_changed": N_("Saved."),
    "done.trust_list": N_("From now on, new events of {name} go straight on the calendar."),
    "done.trust_look": N_("From now on, new events of {name} wait for you in the inbox."),
    "done.archived": N_(
        "Ended with {name}. Nothing of theirs is read any more; what stands on the calendar stays."
    ),
    "done.brought_back": N_("{name} is back, and is read again."),
    "done.paused": N_("Paused. What it told stays as it is."),
    "done.resumed": N_("It is read again, beginning now."),
    "done.moved": N_("Noted. The new address is read now."),
    "done.source_removed": N_(
        "Removed. What it told stays, but nobody tells us any more when that changes."
    ),
    "done.source_back": N_("It is back, and is read again."),
}
