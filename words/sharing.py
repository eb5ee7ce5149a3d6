"""Sentences for posts before they are queued: sharing, writing, pictures from a form."""

from words.mark import N_

SENTENCES = {
    "share.empty": N_("The post for {channel} says nothing yet. Write something, or leave it out."),
    "share.none_chosen": N_("No channel is chosen, so there is nowhere to post."),
    "upload.big": N_(
        "That picture is bigger than {megabytes} MB. Make it smaller, or choose another."
    ),
    "upload.empty": N_("That file is empty. Choose another picture."),
    "upload.kind": N_(
        "We can’t open that file as a picture. Choose a JPEG, PNG, WebP or GIF picture."
    ),
    "upload.pixels": N_(
        "That picture has more pixels than we can open (50 million). Make it smaller first."
    ),
    "write.alt": N_(
        "Say what can be seen on the picture, for people who can’t see it. One sentence is enough."
    ),
    "write.empty": N_("Nothing is written yet."),
    "write.far": N_("That is more than a year ahead. Choose an earlier day."),
    "write.form": N_("This form is not one of ours. Open the page again."),
    "write.gap": N_("There is still a gap to fill in: {gap}"),
    "write.link": N_("“{link}” is no web address. It should look like https://example.org/page."),
    "write.look": N_("This is how your post looks now. If it is right, press the button again."),
    "write.past": N_("That time is over already. Choose a later one."),
    "write.time": N_("Choose a day and a time, such as 8:30 am."),
}
