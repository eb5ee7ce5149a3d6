"""What to say of a look-up: what was found at an address, and why nothing was."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    "look.nothing": N_("Paste an address first."),
    "look.missing": N_("That look-up is not there any more. Paste the address again."),
    "look.opml_empty": N_("This list holds no address of a feed."),
    "look.file": N_("That is no list of feeds. An OPML file from a feed reader is one."),
    "look.closed": N_(
        "{place} shows its pages to members only, so nobody’s calendar can read them. Ask whether"
        " their events also stand on a website, or enter them by hand."
    ),
    "look.robots": N_("Their site asks programs to stay away from this page."),
    "look.crashed": N_("Looking there went wrong on our side. Try it once more."),
    "look.given_up": N_("We did not get round to it within an hour. Try it once more."),
    "look.list": N_("This page is a list of links."),
    "look.no_links": N_("There are no links to other sites on this page."),
    "look.no_feed": N_("A page for people: there is no calendar in it that we could read."),
    "look.no_dates": N_("There is a news feed, but it tells no dates."),
    "look.none": N_("Choose at least one of them."),
    "look.way": N_("events to come: {upcoming}, entries without a date: {notices}"),
    # what a way in is
    "format.ical": N_("Calendar feed"),
    "format.rss": N_("News feed"),
    "format.jsonfeed": N_("News feed"),
    "format.webpage": N_("The page itself"),
    # what is doubtful about one event
    "doubt.title": N_("No title. Marked so in the inbox."),
    "doubt.place": N_("No place. Marked so in the inbox."),
    "doubt.end": N_("No end time. We show the start only."),
    "doubt.over_long": N_("It lasts {days} days. Look whether that is meant."),
    "doubt.cancelled": N_("It is cancelled."),
    # done
    "done.added": N_("Added {name}. Its events come in within seconds."),
    "done.added_listed": N_(
        "Added {name}. Its events go straight on the calendar; here you see what is worth sharing."
    ),
    "done.added_many": N_(
        "Added {number} partners. Their events come in now, one after the other."
    ),
    "done.known": N_("We read these already, so they were left out: {urls}"),
}
