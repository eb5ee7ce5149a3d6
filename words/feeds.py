"""What to say of a feed: why it could not be read, and what in it was doubtful."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    # there is no feed, or it can't be had
    "feed.cut_off": N_("The feed ends in the middle, so its last entries may be missing."),
    "feed.empty": N_("There is nothing there: the answer is empty. Check the address."),
    "feed.unknown": N_(
        "This is no calendar, feed or web page that we can read ({media_type}). Look on the site"
        " for “iCal”, “RSS” or “subscribe”, and use that address."
    ),
    "feed.file": N_("The file can’t be read ({reason}). Check its name."),
    "feed.too_large": N_(
        "This is larger than we read ({megabytes} MB). Ask for an address with fewer entries."
    ),
    "feed.gone": N_(
        "The site says that there is nothing at this address any more ({status}). Ask the partner"
        " for the new one."
    ),
    "feed.forbidden": N_(
        "The site does not let us read this address ({status}). Ask the partner for one that is"
        " open to everybody."
    ),
    "feed.later": N_("The site has trouble or is too busy ({status}). Try again later."),
    "feed.status": N_("The site refused to answer ({status}). Check the address."),
    "rss.unreadable": N_("This looks like a news feed, but none can be read from it."),
    "jsonfeed.unreadable": N_("This looks like a JSON Feed, but none can be read from it."),
    "page.no_events": N_(
        "This web page holds no event data that a machine can read. Look on it for “iCal” or"
        " “subscribe”, and use that address."
    ),
    "page.blocks_unread": N_(
        "This web page holds data for machines, but it is written so wrongly that no event can be"
        " read from it. Tell the people who run the site."
    ),
    # what in a feed was doubtful
    "feed.no_entries": N_("The feed can be read, but holds no events just now."),
    "feed.too_many": N_("The feed is very long. Only its first {most} entries were read."),
    "feed.pages_left": N_(
        "Some entries say more on their own page. {count} of these pages were not read this time."
    ),
    "rss.dates_unread": N_(
        "The feed is written so wrongly that its dates can’t be told apart, so all entries are"
        " without a date. Tell the people who run the site."
    ),
    "jsonfeed.item": N_("This item is none that we know, so it was left out."),
    "page.block_unread": N_(
        "This part of the page’s data is written wrongly, so it was left out. The rest was read."
    ),
    "event.date_unread": N_(
        "The date “{text}” can’t be understood, so this entry is without a date."
    ),
    "event.end_before_start": N_("The end is before the start, so the end was left out."),
    "event.same_uid": N_(
        "{count} events share this identity but start at different times, so all were kept."
    ),
}
