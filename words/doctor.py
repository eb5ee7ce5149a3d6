"""What the doctor found, and how to mend it."""

from words.mark import N_

SENTENCES = {
    "doctor.administrator": N_(
        "Nobody can administrate yet. Start Townboard and open the link that it prints, or run"
        " “user add NAME --role administrator”."
    ),
    "doctor.allowed": N_(
        "Feeds may lead to {address}:{port} on this network, as ALLOW_PRIVATE says. Take it out"
        " when it is not needed any more."
    ),
    "doctor.block": N_(
        "The calendar's text of event {event} is not what its facts give. Poll its source again,"
        " and report this: it should not happen."
    ),
    "doctor.lists": N_(
        "Lists go by something else than event {event} says. Save a group on the settings page"
        " once, so that all events are gone through, and report this: it should not happen."
    ),
    "doctor.contact": N_(
        "CONTACT is not set. Partners' servers can't tell who reads them; set it to the library's"
        " e-mail address or web page."
    ),
    "doctor.dates": N_("The stored dates of event {event} are not those of its facts."),
    "doctor.facts": N_("Event {event} is not what its sources tell."),
    "doctor.failed_read": N_("A failed read of source {source} changed events."),
    "doctor.failing": N_("{url} has failed {times} times in a row. Look at it in a browser."),
    "doctor.live_key": N_("Post {delivery} does not hold its place, so it might be sent twice."),
    "doctor.locked": N_(
        "The settings of channel {channel} can't be opened. Restore data/keys from a backup, or"
        " connect the channel again."
    ),
    "doctor.old_facts": N_("Post {delivery} is queued though its event changed."),
    "doctor.public_url": N_(
        "PUBLIC_URL is not set, so posts about events without a page of their own carry no link,"
        " and residents can't subscribe from outside."
    ),
    "doctor.queue": N_(
        "The queue does not answer ({reason}). While Townboard is not running that is normal."
    ),
    "doctor.review": N_("Event {event} is {state}, which its history does not say."),
    "doctor.sent": N_("Post {delivery} is said to be out, but nothing shows that it went."),
    "doctor.sound": N_("Nothing is broken."),
    "doctor.stuck": N_("Post {delivery} has been going out for too long. Are the workers running?"),
    "doctor.too_late": N_("Post {delivery} was tried after its last moment."),
    "doctor.well": N_("All is well."),
}
