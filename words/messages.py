"""Messages to a partner, ready to be sent: what is wrong with their feed, and what to do."""

from words.mark import N_

SENTENCES: dict[str, str] = {
    "message.no_feed": N_(
        "Hello!\n\n"
        "We would love to list your events on our calendar and to post about them. People can"
        " read them on your page, but our calendar can’t: {url}\n\n"
        "Does your website offer a calendar to subscribe to? It is often called “iCal”, “ICS” or"
        " “Subscribe”. If so, please send us its address. If not, whoever looks after the site"
        " may know how to switch it on.\n\n"
        "Thank you!\n{sender}, {library}"
    ),
    "message.no_dates": N_(
        "Hello!\n\n"
        "We would love to list your events on our calendar. Your news feed tells us about them,"
        " but without dates, so that we can’t put them on a day: {url}\n\n"
        "Does your website also offer a calendar to subscribe to (“iCal” or “ICS”)? Its address"
        " would be all we need.\n\n"
        "Thank you!\n{sender}, {library}"
    ),
    "message.refused": N_(
        "Hello!\n\n"
        "We would love to list your events on our calendar, but your website turns our reader"
        " away. It is called “Townboard”, comes about once an hour and takes only the dates:"
        " {url}\n\n"
        "Could whoever looks after the site let it in, or send us an address that is open to"
        " everybody?\n\n"
        "Thank you!\n{sender}, {library}"
    ),
    "message.gone": N_(
        "Hello!\n\n"
        "Our calendar can’t find your events any more{since}. There is nothing at this address"
        " now: {url}\n\n"
        "Has it moved? Please send us the new address, and we list your events again.\n\n"
        "Thank you!\n{sender}, {library}"
    ),
    "message.down": N_(
        "Hello!\n\n"
        "Our calendar has not been able to reach your events{since}. The site does not answer:"
        " {url}\n\n"
        "Perhaps you know about it already. We go on trying, so once it is back there is nothing"
        " for you to do.\n\n"
        "Thank you!\n{sender}, {library}"
    ),
    "message.tls": N_(
        "Hello!\n\n"
        "The security certificate of your website has run out or does not fit{since}, so our"
        " calendar does not open it, and visitors see a warning: {url}\n\n"
        "Whoever looks after the site can renew it within minutes.\n\n"
        "Thank you!\n{sender}, {library}"
    ),
    "message.unreadable": N_(
        "Hello!\n\n"
        "Our calendar gets an answer from your address, but no events can be read from it{since}:"
        " {url}\n\n"
        "Did something change on your site? Whoever looks after it may want to open that address"
        " and look. Until then we list none of your new events.\n\n"
        "Thank you!\n{sender}, {library}"
    ),
    "message.empty": N_(
        "Hello!\n\n"
        "Our calendar reads your feed well, but there is no event in it just now: {url}\n\n"
        "If that is as you mean it, there is nothing to do. If you have something on, it may be"
        " missing from the feed.\n\n"
        "Thank you!\n{sender}, {library}"
    ),
}
