"""What happened to a post on its way out, and what a channel needs.

{detail} are the network's own words.
"""

from words.mark import N_

SENTENCES: dict[str, str] = {
    # A person has to change something.
    "network.token": N_(
        "The network no longer accepts our access token. Connect the channel again with a new one."
    ),
    "network.forbidden": N_(
        "The network does not let this account do that. Look at the account’s rights there. "
        "It says: {detail}"
    ),
    "network.missing": N_(
        "There is nothing at this address. Check the channel’s address. It says: {detail}"
    ),
    "network.gone": N_(
        "The other side wants no more posts from us. Ask it, or remove the channel."
    ),
    "network.too_large": N_(
        "The post or its picture is too large for the network. Choose a smaller picture."
    ),
    "network.refused": N_("The network did not take the post. Change it. It says: {detail}"),
    "network.moved": N_("The address has moved to {detail}. Connect the channel with that one."),
    "network.foreign": N_(
        "This address does not answer as that network does. Check the address of the server."
    ),
    "network.address": N_("That is no web address: {detail}. It begins with https:// or http://."),
    "network.secret": N_(
        "That is no signing secret. It begins with whsec_. Leave the field empty, and we make one."
    ),
    "network.setting": N_("Something is missing: {detail}."),
    "network.mail": N_("That is no e-mail address: {detail}. It looks like news@paper.example."),
    "network.length": N_("“{detail}” is no number of characters or words between 10 and 100,000."),
    "network.by_hand": N_("A person puts this up, so it is never sent from here."),
    "network.no_search": N_(
        "This network can’t be searched, so we can’t see whether the post is there. "
        "Look yourself, then say so here."
    ),
    # We try again by ourselves; nothing was posted.
    "network.busy": N_("The network asks us to wait. We post as soon as it lets us."),
    "network.unwell": N_("The network can’t answer just now. We ask again. It says: {detail}"),
    "network.no_time": N_("The network was so slow that time was up. We try again."),
    "network.picture": N_(
        "The network did not keep the picture, so nothing was posted. We try again."
    ),
    "network.listing": N_("The network’s list of our posts could not be read. We ask again."),
    "network.listing_short": N_(
        "The network’s list of our posts does not reach back far enough to see whether the post is "
        "there. We ask again."
    ),
    # It may be there or not.
    "network.unknown": N_(
        "The network failed while it took the post, so the post may be there or not. "
        "We look before we do anything else. It says: {detail}"
    ),
    "network.no_id": N_(
        "The network took the post, but its answer can’t be read. We look for the post."
    ),
    # What a channel needs: its name, and a hint under the field.
    "network.practice.server": N_("Address of the practice network"),
    "network.practice.server.hint": N_("Where it answers, such as http://127.0.0.1:8000/practice"),
    "network.practice.token": N_("Access token"),
    "network.practice.token.hint": N_("The word that lets us in there."),
    "network.mastodon.server": N_("Server"),
    "network.mastodon.server.hint": N_("The part after the second @ of your name there."),
    "network.mastodon.token": N_("Access token"),
    "network.mastodon.token.hint": N_(
        "On your server: Preferences, Development, New application, with the scopes read and write."
    ),
    "network.webhook.url": N_("Address of the receiver"),
    "network.webhook.url.hint": N_("Posts are sent there, signed as Standard Webhooks say."),
    "network.webhook.secret": N_("Signing secret"),
    "network.webhook.secret.hint": N_(
        "Leave it empty, and we make one. The receiver needs it too, so copy it when it is shown."
    ),
    "network.by_hand.kind": N_("What is it?"),
    "network.by_hand.kind.hint": N_("We lay everything out as it is wanted there."),
    "network.by_hand.kind.page": N_("Facebook page"),
    "network.by_hand.kind.group": N_("Facebook group"),
    "network.by_hand.kind.event": N_("Facebook events"),
    "network.by_hand.kind.paper": N_("The local paper"),
    "network.by_hand.kind.other": N_("Something else"),
    "network.by_hand.address": N_("Where do you put it up?"),
    "network.by_hand.address.hint": N_(
        "The address of the page where you would write the post: one button opens it."
    ),
    "network.by_hand.mail": N_("Does it go by e-mail?"),
    "network.by_hand.mail.hint": N_(
        "For a paper: the address that wants it. Leave it empty otherwise."
    ),
    "network.by_hand.length": N_("How much fits?"),
    "network.by_hand.length.hint": N_("A number. Leave it empty, and we take what is usual there."),
    "network.by_hand.unit": N_("Counted in"),
    "network.by_hand.unit.hint": N_("Papers count words."),
    "network.by_hand.unit.usual": N_("What is usual there"),
    "network.by_hand.unit.characters": N_("Characters"),
    "network.by_hand.unit.words": N_("Words"),
}
