"""Sentences for posts before they are queued: sharing, writing, pictures from a form."""

from words.mark import N_

SENTENCES = {
    "share.empty": N_("The post for {channel} says nothing yet. Write something, or leave it out."),
    "share.none_chosen": N_("No channel is chosen, so there is nowhere to post."),
}
