"""Sentences for what services refuse and report."""

from words.mark import N_

SENTENCES = {
    "calendar.empty": N_("Nothing is on the calendar yet."),
    "channel.connected": N_("Connected as {account} (channel {number})."),
    "channel.locked": N_(
        "The channel’s settings can’t be opened: the key in data/keys is another one than when"
        " it was connected. Restore the key from a backup, or connect the channel again."
    ),
    "channel.made": N_("The other side needs this too; it is not shown again. {setting}: {value}"),
    "channel.name": N_("There is a channel called {name} already. Give this one another name."),
    "channel.network": N_("There is no network called {network}."),
    "channel.setting": N_("“{setting}” is needed to connect."),
    "channel.unreached": N_(
        "Connected as channel {number}. The network did not answer just now, so who we are there"
        " has not been checked."
    ),
    "database.busy": N_(
        "The database was busy for ten seconds, so nothing was changed. Try again."
    ),
    "delivery.again": N_("It was not there, so it is sent again."),
    "delivery.ask": N_(
        "It may or may not have gone out, and we can’t find out by ourselves. Look on the network,"
        " then say whether it is there."
    ),
    "delivery.changed": N_("The event changed after it was shared, so this post waits for you."),
    "delivery.given_up": N_("Given up by a person."),
    "delivery.looking": N_("We are looking whether it went out."),
    "delivery.lost": N_("It was interrupted while going out. We look whether it is there."),
    "delivery.missing": N_("There is no such post."),
    "delivery.moved": N_("That post has moved on meanwhile: it is {state} now."),
    "delivery.repeat": N_(
        "No clear answer came, so the same message is sent once more, which does no harm."
    ),
    "delivery.still_looking": N_("We are still looking whether it went out. Wait a little."),
    "delivery.unseen": N_("The network does not show us our own posts just now. We look again."),
    "demo.ready": N_(
        "The sample town is loaded: eight invented partners."
        " Log in as {name} with the password {password}"
    ),
    "event.missing": N_("There is no such event."),
    "fetch.counts": N_(
        "{new} new, {changed} changed, {same} as before, {gone} gone; problems: {problems}"
    ),
    "fetch.never": N_("not read yet"),
    "fetch.new_body": N_("read"),
    "fetch.not_modified": N_("nothing new"),
    "fetch.same_body": N_("nothing new"),
    "partner.missing": N_("There is no such partner."),
    "partner.name": N_("A partner needs a name of at most 200 characters."),
    "partner.zone": N_("There is no time zone called {zone}. Examples: Europe/Berlin, US/Eastern."),
    "review.notice": N_(
        "This entry has no date, so it can’t go on the calendar or be shared as an event."
    ),
    "review.nothing_to_undo": N_("There is nothing to undo."),
    "review.snooze_past": N_("That day is over already. Choose a later one."),
    "review.state": N_("That can’t be done now: the event is {state}."),
    "review.version": N_("Somebody decided about this event a moment ago. Look again."),
    "share.already": N_("It is queued or out on every channel already."),
    "share.cancelled": N_("This event is cancelled, so there is nothing to invite people to."),
    "share.changed": N_("It changed while you were looking. Look at the posts again."),
    "share.no_channel": N_("No channel is connected yet, so there is nowhere to post."),
    "share.over": N_("This event is over, so there is nothing to invite people to."),
    "share.too_long": N_(
        "The post for {channel} is too long by {over}. Shorten it, or leave {channel} out."
    ),
    "source.address": N_(
        "“{url}” is not a web address. It should look like https://example.org/feed."
    ),
    "source.known": N_("We read {url} already."),
    "source.missing": N_("There is no such source."),
}
