"""What to say when the door to the internet refused an address, or nothing came back."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    "door.scheme": N_("An address begins with http:// or https://. Copy it from your browser."),
    "door.malformed": N_("That is no web address. Copy it whole from your browser."),
    "door.credentials": N_(
        "A name or password stands in the address, before an @. Use an address without one."
    ),
    "door.port": N_(
        "The number after the colon in the address is one we don’t ask. Ask the site for its"
        " usual address; for a machine of your own, the administrator adds it to ALLOW_PRIVATE."
    ),
    "door.address": N_(
        "The address leads to a private network, not to the internet. For a machine of your own,"
        " the administrator adds it to ALLOW_PRIVATE."
    ),
    "door.header": N_(
        "A setting holds letters that can’t be sent, perhaps a line break. Copy it again."
    ),
    "door.name": N_(
        "No site of that name was found. Check the spelling, and whether this machine is online."
    ),
    "door.connect": N_("The site can’t be reached. It may be down for a while; we try again."),
    "door.tls": N_(
        "The site’s security certificate can’t be trusted, so nothing was sent. Tell the people"
        " who run the site; it may have run out."
    ),
    "door.timeout": N_("The site took too long to answer. It may be busy; we try again."),
    "door.cut": N_("The connection broke before the whole answer was here. We try again."),
    "door.garbled": N_("What the site answered is no web answer. Check the address."),
    "door.encoding": N_("The site packs its answer in a way we can’t unpack. Tell who runs it."),
    "door.too_large": N_("The site’s answer is larger than we read. Ask it for a shorter list."),
    "door.redirects": N_("The site sends us on and on. Open the address in a browser and copy it."),
}
