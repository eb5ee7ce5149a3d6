"""Every table, with the names and keys of docs/architecture.md ("The tables").

`id` is internal, `pid` a ULID that is public and never reused, `*_at` a UTC instant. `rid` is
the original wall start of one date of a series, '' the whole event. Each table is written in
exactly one module of this folder.
"""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
    true,
)

from aggregator.storage.types import Instant, Json

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Sources: written by storage/partners.py, hosts.py, sources.py

partner = Table(
    "partner",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pid", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("slug", Text, nullable=False, unique=True),
    Column("zone", Text),  # IANA; None: the library's
    Column("credit", Text),  # how a post names them; None: by name
    Column("contact", Text),  # whom a message about their feed goes to
    # "look": staff look at each; "list": straight on the calendar, staff see what is worth sharing
    Column("trust", Text, nullable=False, default="look", server_default="look"),
    Column("ours", Boolean, nullable=False, default=False, server_default=false()),  # the library
    Column("sample", Boolean, nullable=False, default=False, server_default=false()),
    Column("archived_at", Instant),
    CheckConstraint("trust IN ('look', 'list')", name="trust"),
)

place = Table(
    "place",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("address", Text),
    Column("latitude", Float),  # both or neither
    Column("longitude", Float),
    Column("branch", Boolean, nullable=False, default=True, server_default=true()),
    Column("position", Integer, nullable=False, default=0, server_default="0"),
)

host = Table(
    "host",
    metadata,
    Column("name", Text, primary_key=True),
    Column("next_at", Instant, nullable=False, index=True),
    Column("claim_by", Text),
    Column("claim_until", Instant),
    Column("claim_no", Integer, nullable=False, default=0, server_default="0"),
    Column("robots", Text),
    Column("robots_until", Instant),
)

source = Table(
    "source",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("partner_id", ForeignKey("partner.id"), nullable=False, index=True),
    Column("kind", Text, nullable=False, default="feed", server_default="feed"),
    Column("url", Text, unique=True),  # None: entered by hand (kind ours)
    Column("title", Text),  # what the feed calls itself
    Column("former_urls", Json, nullable=False),
    Column("host", ForeignKey("host.name"), index=True),  # None: nobody is asked
    Column("format", Text),
    Column("enabled", Boolean, nullable=False, default=True),
    Column("rhythm_s", Integer, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("body_digest", Text),
    Column("reader_version", Integer),
    Column("covers_from", Instant),
    Column("covers_to", Instant),
    Column("failures", Integer, nullable=False, default=0, server_default="0"),
    Column("last_ok_at", Instant),
    Column("failing_since", Instant),  # the first failure since it last answered well
    Column("days", Json),  # how it answered day by day (domain/health.py)
    Column("removed_at", Instant),  # by staff; what it told stays
    Index("ix_source_host_due_at", "host", "due_at"),
)

body = Table(
    "body",
    metadata,
    Column("source_id", ForeignKey("source.id"), primary_key=True),
    Column("digest", Text, nullable=False),
    Column("media_type", Text),
    Column("url", Text, nullable=False),
    Column("bytes", LargeBinary, nullable=False),  # zlib
)

fetch = Table(
    "fetch",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("outcome", Text, nullable=False),  # NEW_BODY SAME_BODY NOT_MODIFIED or an error's code
    Column("params", Json, nullable=False),  # fill the outcome's sentence
    Column("status", Integer),
    Column("bytes", Integer),
    Column("ms", Integer),
    Column("n_new", Integer, nullable=False, default=0),
    Column("n_changed", Integer, nullable=False, default=0),
    Column("n_same", Integer, nullable=False, default=0),
    Column("n_gone", Integer, nullable=False, default=0),
    Column("problems", Json, nullable=False),
    Index("ix_fetch_source_id_at", "source_id", "at"),
)

linked_page = Table(
    "linked_page",
    metadata,
    Column("url", Text, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("digest", Text),
    Column("facts", Json),  # what the page told of its one event; None: nothing
    Column("due_at", Instant),  # None: nothing to ask until the entry changes
    Index("ix_linked_page_source_id_due_at", "source_id", "due_at"),
)

# Events: written by storage/events.py, reviews.py

event = Table(
    "event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pid", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("partner_id", ForeignKey("partner.id"), nullable=False),
    Column("facts", Json, nullable=False),
    Column("facts_digest", Text, nullable=False),
    Column("material_digest", Text, nullable=False),
    Column("sequence", Integer, nullable=False, default=0),
    Column("changed_at", Instant, nullable=False),  # DTSTAMP and LAST-MODIFIED
    Column("first_start", Instant),
    Column("last_end", Instant, index=True),  # None: endless, or a notice
    Column("expanded_until", Instant),
    Column("ics_block", Text),
    Column("ics_zones", Text, nullable=False, default="", server_default=""),
    Column("image", Text),  # sha256 of our copy
    Column("image_due_at", Instant, index=True),  # when its picture is asked for; None: never
    Column("merged_into", ForeignKey("event.id")),
    Column("arrived_at", Instant, nullable=False, index=True),
    # {field, or date/field: "staff"} for what is not from its first sighting (domain/resolve.py)
    Column("provenance", Json, nullable=False, default=dict, server_default="{}"),
    # title, place, partner, tags: what search looks through, normalised by domain/searching.py;
    # the index of its words is the table event_search, each database's own (storage/search.py)
    Column("search_text", Text, nullable=False, default="", server_default=""),
    # every week or day: the public list folds it (domain/regular.py)
    Column("weekly", Boolean, nullable=False, default=False, server_default=false()),
    Column("twin_key", Text, index=True),  # equal title and start; None: nothing to compare
    CheckConstraint("kind IN ('event', 'notice')", name="kind"),
    Index("ix_event_partner_id_id", "partner_id", "id"),
)

event_tag = Table(
    "event_tag",
    metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("kind", Text, primary_key=True),  # category | audience | access | place
    Column("value", Text, primary_key=True),
    Index("ix_event_tag_kind_value_event_id", "kind", "value", "event_id"),
)

sighting = Table(
    "sighting",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source_id", ForeignKey("source.id"), nullable=False),
    Column("key", Text, nullable=False),
    Column("uid", Text),
    Column("facts", Json, nullable=False),
    Column("facts_digest", Text, nullable=False),
    Column("first_fetch", ForeignKey("fetch.id"), nullable=False),
    Column("changed_fetch", ForeignKey("fetch.id"), nullable=False),
    Column("presence", Text, nullable=False, default="HERE"),
    Column("missing_since", Instant),
    Column("event_id", ForeignKey("event.id"), nullable=False, index=True),
    UniqueConstraint("source_id", "key"),
    CheckConstraint("presence IN ('HERE', 'OUT_OF_WINDOW', 'GONE')", name="presence"),
)

occurrence = Table(
    "occurrence",
    metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("rid", Text, primary_key=True),
    Column("start_at", Instant, nullable=False),
    Column("end_at", Instant, nullable=False),
    Column("start_wall", Text, nullable=False),
    Column("local_date", Text, nullable=False),
    Column("all_day", Boolean, nullable=False),
    Column("status", Text),
    # goes on for more than a day and a half: so that a list of today need not look at years of
    # dates that began before it (domain/dates.LONG)
    Column("long", Boolean, nullable=False, default=False, server_default=false()),
    Index("ix_occurrence_start_at_event_id", "start_at", "event_id"),
    Index("ix_occurrence_event_id_start_at", "event_id", "start_at"),
    Index(
        "ix_occurrence_long",
        "end_at",
        sqlite_where=text("long = 1"),
        postgresql_where=text("long"),
    ),
)

field_lock = Table(
    "field_lock",
    metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("rid", Text, primary_key=True),  # '' the whole event, else one date of a series
    Column("field", Text, primary_key=True),
    Column("value", Json),  # what staff wrote
    Column("seen_value", Json),  # what the source said when they did
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
)

link = Table(
    "link",
    metadata,
    Column("a", ForeignKey("sighting.id"), primary_key=True),
    Column("b", ForeignKey("sighting.id"), primary_key=True, index=True),
    Column("verdict", Text, nullable=False),
    Column("score", Float),
    Column("reasons", Json, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("undone_at", Instant),
    CheckConstraint("a < b", name="order"),
    CheckConstraint("verdict IN ('SAME', 'ASK', 'NEVER')", name="verdict"),
    Index("ix_link_verdict_at", "verdict", "at"),
)

change = Table(
    "change",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", ForeignKey("event.id"), nullable=False, index=True),
    Column("rid", Text, nullable=False, default=""),
    Column("at", Instant, nullable=False),
    Column("cause", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("before", Json),
    Column("after", Json),
    Column("material", Boolean, nullable=False),
    # the source told it, and staff's own words stand: the event did not change
    Column("kept", Boolean, nullable=False, default=False, server_default=false()),
    Column("seen_at", Instant),
    Index(
        "ix_change_unseen",
        "event_id",
        sqlite_where=text("material = 1 AND seen_at IS NULL"),
        postgresql_where=text("material AND seen_at IS NULL"),
    ),
    CheckConstraint("cause IN ('fetch', 'staff', 'reader', 'tzdata')", name="cause"),
)

review = Table(
    "review",
    metadata,
    Column("event_id", ForeignKey("event.id"), primary_key=True),
    Column("state", Text, nullable=False),
    Column("until", Instant),
    Column("reason", Text),
    Column("decided_digest", Text),
    Column("version", Integer, nullable=False, default=0),
    # what lists sort out by, as event says it: a view is one range of the index below
    Column("kind", Text, nullable=False, default="event", server_default="event"),
    Column("partner_id", Integer, nullable=False, default=0, server_default="0"),
    Column("ends_at", Instant),  # of an endless event the year 9999; None: merged, in no list
    Column("starts_at", Instant),  # of a series its first date that is written down
    Column("is_series", Boolean, nullable=False, default=False, server_default=false()),
    Column("unseen", Boolean, nullable=False, default=False, server_default=false()),  # changes
    Column("marks", Text, nullable=False, default="", server_default=""),  # domain/tagging.marks
    CheckConstraint("state IN ('NEW', 'HELD', 'APPROVED', 'DECLINED', 'SNOOZED')", name="state"),
    Index("ix_review_state_event_id", "state", "event_id"),
    # what became of a partner's newest events, counted without a look at any
    Index("ix_review_partner", "partner_id", "event_id", "state", "kind", "ends_at"),
    # every column that lists narrow by: whatever is asked, one range of this index answers it
    Index(
        "ix_review_view",
        *("kind", "state", "ends_at", "event_id", "until", "partner_id"),
        *("starts_at", "is_series", "unseen", "marks"),
    ),
)

# Posts: written by storage/channels.py, posts.py, deliveries.py, media.py

channel = Table(
    "channel",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("network", Text, nullable=False),
    Column("name", Text, nullable=False, unique=True),
    Column("settings", Text, nullable=False),  # encrypted JSON
    Column("way", Text, nullable=False, default="automatic"),  # automatic | by_hand
    Column("state", Text, nullable=False, default="CONNECTED"),  # CONNECTED | OFF
    Column("slots", Json, nullable=False),
    Column("quiet", Json, nullable=False),
    Column("limits", Json, nullable=False),
    Column("when_unknown", Text, nullable=False, default="send"),  # send | ask
    Column("account", Json),
    Column("version", Integer, nullable=False, default=0),
)

post = Table(
    "post",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pid", Text, nullable=False, unique=True),
    Column("event_id", ForeignKey("event.id"), index=True),
    Column("rid", Text, nullable=False, default=""),
    Column("moment", Text, nullable=False),
    Column("words", Text),  # written by staff; None: composed
    Column("facts_digest", Text),  # the event's material digest that the words tell
    Column("author_id", ForeignKey("user.id")),
    Column("created_at", Instant, nullable=False),
    Column("purpose_id", ForeignKey("purpose.id")),
    Column("audience_id", ForeignKey("audience.id")),
    Column("link", Text),  # of a post without an event
    CheckConstraint(
        "moment IN ('announce', 'remind', 'last_call', 'change', 'cancel', 'free')", name="moment"
    ),
)

post_media = Table(
    "post_media",
    metadata,
    Column("post_id", ForeignKey("post.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("sha256", ForeignKey("media.sha256"), nullable=False),
    Column("alt", Text, nullable=False),
)

delivery = Table(
    "delivery",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("post_id", ForeignKey("post.id"), nullable=False, index=True),
    Column("channel_id", ForeignKey("channel.id"), nullable=False, index=True),
    Column("action", Text, nullable=False, default="CREATE"),
    Column("state", Text, nullable=False),
    Column("live_key", Text, unique=True),
    Column("words", Text),
    Column("due_at", Instant),
    Column("not_after", Instant),
    Column("frozen", Json, nullable=False),
    Column("frozen_digest", Text, nullable=False),
    Column("claim_by", Text),
    Column("claim_until", Instant),
    Column("looks", Integer, nullable=False, default=0),  # listings in a row without our post
    Column("remote_id", Text),
    Column("remote_url", Text),
    Column("error_code", Text),
    Column("error_detail", Text),
    Column("target_delivery", ForeignKey("delivery.id"), index=True),  # what EDIT or DELETE is of
    CheckConstraint("action IN ('CREATE', 'EDIT', 'DELETE', 'BOOST')", name="action"),
    CheckConstraint(
        "state IN ('HELD', 'QUEUED', 'SENDING', 'SENT', 'UNKNOWN', 'FAILED', 'EXPIRED',"
        " 'CANCELLED')",
        name="state",
    ),
    Index("ix_delivery_state_due_at", "state", "due_at"),
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("delivery_id", ForeignKey("delivery.id"), nullable=False),
    Column("n", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("wire_deadline", Instant, nullable=False),
    Column("outcome", Text),  # SENT LATER REFUSED UNKNOWN; None: we never heard
    Column("detail", Json),
    UniqueConstraint("delivery_id", "n"),
)

media = Table(
    "media",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("mime", Text, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("bytes", Integer, nullable=False),
    Column("source_url", Text, index=True),
)

# House: written by storage/users.py, journal.py, revisions.py, house.py

user = Table(
    "user",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("password", Text, nullable=False),  # argon2id
    Column("role", Text, nullable=False),
    Column("sessions", Integer, nullable=False, default=0),  # raised: every session ends
    Column("disabled_at", Instant),
    CheckConstraint("role IN ('staff', 'administrator')", name="role"),
)

audience = Table(
    "audience",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("words", Json, nullable=False),  # partners' words for this group
    Column("ages", Json, nullable=False),  # [from, to] in years, either may be null; [] no ages
    Column("position", Integer, nullable=False, default=0, server_default="0"),
    Column("archived_at", Instant),
)

hashtag_set = Table(
    "hashtag_set",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("tags", Json, nullable=False),
    Column("audience_id", ForeignKey("audience.id")),  # whose posts carry it; None: see always
    Column("always", Boolean, nullable=False, default=False, server_default=false()),
    Column("position", Integer, nullable=False, default=0, server_default="0"),
    Column("archived_at", Instant),
)

purpose = Table(
    "purpose",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("hint", Text),
    Column("position", Integer, nullable=False, default=0, server_default="0"),
    Column("archived_at", Instant),
)

note = Table(
    "note",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", ForeignKey("event.id"), nullable=False, index=True),
    Column("author_id", ForeignKey("user.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
)

saved_view = Table(
    "saved_view",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user_id", ForeignKey("user.id"), nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),  # the address after "?"
    UniqueConstraint("user_id", "name"),
)

report = Table(
    "report",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", ForeignKey("event.id"), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("text", Text, nullable=False),
    Column("done_at", Instant, index=True),
    Column("done_by", Text),
)

lookup = Table(
    "lookup",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("pid", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),  # address | links | opml
    Column("page_url", Text),
    Column("title", Text),
    Column("ours", Boolean, nullable=False, default=False, server_default=false()),
    Column("by", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("state", Text, nullable=False, default="LOOKING", server_default="LOOKING"),
    Column("problem", Json),  # {code, params} when the page itself could not be had
    CheckConstraint("kind IN ('address', 'links', 'opml')", name="kind"),
    CheckConstraint("state IN ('LOOKING', 'DONE')", name="state"),
    Index("ix_lookup_state_id", "state", "id"),
)

lookup_link = Table(
    "lookup_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("lookup_id", ForeignKey("lookup.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("url", Text, nullable=False),
    Column("title", Text),
    Column("state", Text, nullable=False, default="WAITING", server_default="WAITING"),
    Column("outcome", Json),  # {code, params}: why nothing was found, in words at the edge
    Column("found", Json),  # {url, format, title, upcoming, events: [facts], problems}
    Column("partner_id", ForeignKey("partner.id")),  # added as
    Column("claim_by", Text),
    Column("claim_until", Instant),
    UniqueConstraint("lookup_id", "url"),
    CheckConstraint(
        "state IN ('WAITING', 'READABLE', 'WORD_NEEDED', 'NOTHING', 'ADDED')", name="state"
    ),
    Index("ix_lookup_link_state_claim_until", "state", "claim_until"),
)

throttle = Table(
    "throttle",
    metadata,
    Column("key", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("until", Instant, nullable=False),
)

setting = Table(
    "setting",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Json, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("actor", Text, nullable=False),  # a user's name, or "townboard"
    Column("verb", Text, nullable=False),
    Column("subject", Text, nullable=False),  # event:ID, channel:ID …
    Column("before", Json),
    Column("after", Json),
    Column("reason", Text),
    Column("undo_of", ForeignKey("journal.id")),
    Index("ix_journal_subject_id", "subject", "id"),
    Index("ix_journal_actor_id", "actor", "id"),
)

revision = Table(
    "revision",
    metadata,
    Column("name", Text, primary_key=True),
    Column("n", Integer, nullable=False),
)

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),  # install_id, tzdata
    Column("value", Text, nullable=False),
)

TABLES = tuple(metadata.sorted_tables)
