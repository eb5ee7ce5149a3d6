"""What is said where staff enter events of the library's own."""

from words.mark import N_

SENTENCES = {
    "entering.not_ours": N_("A partner’s feed tells of this event, so it is not entered here."),
    "entering.told": N_(
        "A post tells of it already. Cancel it instead, so that whoever read the post learns of it."
    ),
}
