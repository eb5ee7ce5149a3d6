"""What to say of the library's branches."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    "place.name": N_("Say what the branch is called, in at most {most} characters."),
    "place.address": N_("That is too long: {most} characters at most."),
    "place.short": N_(
        "This short link can only be opened by its own site. Paste the long address from the"
        " browser, or the coordinates."
    ),
    "place.missing": N_("There is no such branch."),
}
