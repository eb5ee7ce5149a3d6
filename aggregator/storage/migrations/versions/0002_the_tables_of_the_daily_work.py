"""The tables of the daily work."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


#: Groups of patrons, the words that partners use for them, and their ages (from, to).
AUDIENCES: tuple[tuple[str, list[str], list[int | None]], ...] = (
    ("Small children", ["toddlers", "babies", "baby", "preschool", "preschoolers"], [0, 5]),
    ("Children", ["kids", "kid", "child", "school-age", "juvenile"], [6, 12]),
    ("Teens", ["teen", "teenagers", "youth", "young adults", "tweens"], [12, 17]),
    ("Families", ["family", "all ages", "parents", "caregivers"], []),
    ("Adults", ["adult", "grown-ups"], [18, None]),
    ("Older adults", ["seniors", "senior", "elders", "retirees"], [60, None]),
    ("Newcomers", ["immigrants", "english learners", "esl", "esol", "citizenship"], []),
)

#: Why a post is written, and a line that helps to choose.
PURPOSES = (
    ("Invite to an event", "Something happens and people may come."),
    ("Tell what changed", "Closed today, other hours, moved, cancelled."),
    ("Show a service", "What the library can do for somebody."),
    ("From our shelves", "A book, a film, a list to borrow from."),
    ("Say thank you", "To volunteers, partners, patrons."),
)

#: Hashtag sets: name, tags, whether every post carries it. Empty ones wait to be filled.
HASHTAGS: tuple[tuple[str, list[str], bool], ...] = (("Every post", [], True), ("Local", [], False))


def _fill() -> None:
    """Defaults that a library may change on its settings page."""
    for position, (name, words, ages) in enumerate(AUDIENCES):
        op.bulk_insert(
            sa.table("audience", *map(sa.column, ("name", "words", "ages", "position"))),
            [{"name": name, "words": _json(words), "ages": _json(ages), "position": position}],
        )
    for position, (name, hint) in enumerate(PURPOSES):
        op.bulk_insert(
            sa.table("purpose", *map(sa.column, ("name", "hint", "position"))),
            [{"name": name, "hint": hint, "position": position}],
        )
    for position, (name, tags, always) in enumerate(HASHTAGS):
        op.bulk_insert(
            sa.table("hashtag_set", *map(sa.column, ("name", "tags", "always", "position"))),
            [{"name": name, "tags": _json(tags), "always": always, "position": position}],
        )
    _move_hashtags()


def _move_hashtags() -> None:
    """The hashtags of every post were a setting; now they are the set that every post carries."""
    setting = sa.table("setting", *map(sa.column, ("name", "value")))
    sets = sa.table("hashtag_set", *map(sa.column, ("tags", "always")))
    old = setting.c.name == "hashtags"
    tags = op.get_bind().execute(sa.select(setting.c.value).where(old)).scalar()
    if tags:
        op.execute(sa.update(sets).where(sets.c.always).values(tags=tags))
    op.execute(sa.delete(setting).where(old))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _index_words() -> None:
    """The index of event.search_text: each database has its own kind (storage/search.py)."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE VIRTUAL TABLE event_search"
            " USING fts5(words, tokenize='ascii',"
            " prefix='2 3 4 5 6 7 8', detail='none', columnsize=0)"
        )
        return
    op.execute(
        "CREATE TABLE event_search"
        " (event_id integer PRIMARY KEY REFERENCES event (id), words tsvector NOT NULL)"
    )
    op.execute("CREATE INDEX ix_event_search_words ON event_search USING gin (words)")


def _carry_over() -> None:
    """What lists sort out by, of the events that are there already.

    Words, tags and twins come from facts: a worker finds them (services/deriving.py).
    """
    op.execute(
        "UPDATE review SET (kind, partner_id, ends_at, starts_at, is_series, unseen) ="
        " (SELECT event.kind, event.partner_id, CASE WHEN event.merged_into IS NULL"
        " THEN coalesce(event.last_end, '9999-01-01 00:00:00.000000') END, event.first_start,"
        " event.expanded_until IS NOT NULL, EXISTS (SELECT 1 FROM change WHERE"
        " change.event_id = event.id AND change.material AND change.seen_at IS NULL)"
        " FROM event WHERE event.id = review.event_id)"
    )
    longer = (
        "julianday(end_at) - julianday(start_at) > 1.5"
        if op.get_bind().dialect.name == "sqlite"
        else "end_at - start_at > interval '36 hours'"
    )
    op.execute(f"UPDATE occurrence SET long = true WHERE {longer}")  # noqa: S608 (our own words)
    op.execute("INSERT INTO meta (name, value) SELECT 'derive', '0' FROM event LIMIT 1")


def upgrade() -> None:  # noqa: PLR0915 (one statement a table)
    """The tables of the daily work."""
    op.create_table(
        "audience",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("ages", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audience")),
        sa.UniqueConstraint("name", name=op.f("uq_audience_name")),
    )
    op.create_table(
        "lookup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pid", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("page_url", sa.Text(), nullable=True),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("ours", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), server_default="LOOKING", nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.CheckConstraint("kind IN ('address', 'links', 'opml')", name=op.f("ck_lookup_kind")),
        sa.CheckConstraint("state IN ('LOOKING', 'DONE')", name=op.f("ck_lookup_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookup")),
        sa.UniqueConstraint("pid", name=op.f("uq_lookup_pid")),
    )
    with op.batch_alter_table("lookup", schema=None) as batch_op:
        batch_op.create_index("ix_lookup_state_id", ["state", "id"], unique=False)

    op.create_table(
        "place",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Float(), nullable=True),
        sa.Column("longitude", sa.Float(), nullable=True),
        sa.Column("branch", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place")),
    )
    op.create_table(
        "purpose",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purpose")),
        sa.UniqueConstraint("name", name=op.f("uq_purpose_name")),
    )
    op.create_table(
        "hashtag_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("audience_id", sa.Integer(), nullable=True),
        sa.Column("always", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["audience_id"], ["audience.id"], name=op.f("fk_hashtag_set_audience_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hashtag_set")),
        sa.UniqueConstraint("name", name=op.f("uq_hashtag_set_name")),
    )
    op.create_table(
        "lookup_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("lookup_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="WAITING", nullable=False),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("found", sa.Text(), nullable=True),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("claim_by", sa.Text(), nullable=True),
        sa.Column("claim_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state IN ('WAITING', 'READABLE', 'WORD_NEEDED', 'NOTHING', 'ADDED')",
            name=op.f("ck_lookup_link_state"),
        ),
        sa.ForeignKeyConstraint(
            ["lookup_id"], ["lookup.id"], name=op.f("fk_lookup_link_lookup_id")
        ),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partner.id"], name=op.f("fk_lookup_link_partner_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lookup_link")),
        sa.UniqueConstraint("lookup_id", "url", name=op.f("uq_lookup_link_lookup_id_url")),
    )
    with op.batch_alter_table("lookup_link", schema=None) as batch_op:
        batch_op.create_index(
            "ix_lookup_link_state_claim_until", ["state", "claim_until"], unique=False
        )

    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_saved_view_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("user_id", "name", name=op.f("uq_saved_view_user_id_name")),
    )
    op.create_table(
        "event_tag",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_event_tag_event_id")),
        sa.PrimaryKeyConstraint("event_id", "kind", "value", name=op.f("pk_event_tag")),
    )
    with op.batch_alter_table("event_tag", schema=None) as batch_op:
        batch_op.create_index(
            "ix_event_tag_kind_value_event_id", ["kind", "value", "event_id"], unique=False
        )

    op.create_table(
        "field_lock",
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("rid", sa.Text(), nullable=False),
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("seen_value", sa.Text(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_field_lock_event_id")),
        sa.PrimaryKeyConstraint("event_id", "rid", "field", name=op.f("pk_field_lock")),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["user.id"], name=op.f("fk_note_author_id")),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_note_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_event_id"), ["event_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_report_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_done_at"), ["done_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_event_id"), ["event_id"], unique=False)

    op.create_table(
        "post_media",
        sa.Column("post_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("alt", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_post_media_post_id")),
        sa.ForeignKeyConstraint(["sha256"], ["media.sha256"], name=op.f("fk_post_media_sha256")),
        sa.PrimaryKeyConstraint("post_id", "position", name=op.f("pk_post_media")),
    )
    op.create_table(
        "link",
        sa.Column("a", sa.Integer(), nullable=False),
        sa.Column("b", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("verdict IN ('SAME', 'ASK', 'NEVER')", name=op.f("ck_link_verdict")),
        sa.CheckConstraint("a < b", name=op.f("ck_link_order")),
        sa.ForeignKeyConstraint(["a"], ["sighting.id"], name=op.f("fk_link_a")),
        sa.ForeignKeyConstraint(["b"], ["sighting.id"], name=op.f("fk_link_b")),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_link")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_b"), ["b"], unique=False)
        batch_op.create_index("ix_link_verdict_at", ["verdict", "at"], unique=False)

    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index("ix_journal_actor_id", ["actor", "id"], unique=False)

    with op.batch_alter_table("change", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_index(
            "ix_change_unseen",
            ["event_id"],
            unique=False,
            sqlite_where=sa.text("material = 1 AND seen_at IS NULL"),
            postgresql_where=sa.text("material AND seen_at IS NULL"),
        )

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.add_column(sa.Column("target_delivery", sa.Integer(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_delivery_target_delivery"), ["target_delivery"], unique=False
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_delivery_target_delivery"), "delivery", ["target_delivery"], ["id"]
        )

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.add_column(sa.Column("provenance", sa.Text(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("search_text", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(
            sa.Column("weekly", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("twin_key", sa.Text(), nullable=True))
        batch_op.create_index(batch_op.f("ix_event_twin_key"), ["twin_key"], unique=False)
        batch_op.create_index(batch_op.f("ix_event_arrived_at"), ["arrived_at"], unique=False)
        batch_op.create_index("ix_event_partner_id_id", ["partner_id", "id"], unique=False)

    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kind", sa.Text(), server_default="event", nullable=False))
        batch_op.add_column(
            sa.Column("partner_id", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True))
        for name in ("is_series", "unseen"):
            batch_op.add_column(
                sa.Column(name, sa.Boolean(), server_default=sa.false(), nullable=False)
            )
        batch_op.add_column(sa.Column("marks", sa.Text(), server_default="", nullable=False))
        batch_op.create_index(
            "ix_review_partner",
            ["partner_id", "event_id", "state", "kind", "ends_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_review_view",
            [
                *("kind", "state", "ends_at", "event_id", "until", "partner_id"),
                *("starts_at", "is_series", "unseen", "marks"),
            ],
            unique=False,
        )

    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("long", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_index(
            "ix_occurrence_event_id_start_at", ["event_id", "start_at"], unique=False
        )
        batch_op.create_index(
            "ix_occurrence_long",
            ["end_at"],
            unique=False,
            sqlite_where=sa.text("long = 1"),
            postgresql_where=sa.text("long"),
        )

    with op.batch_alter_table("partner", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("trust", sa.Text(), server_default="look", nullable=False))
        batch_op.add_column(
            sa.Column("ours", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("sample", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_partner_trust"), "trust IN ('look', 'list')"
        )

    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.add_column(sa.Column("purpose_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("audience_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("link", sa.Text(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_post_purpose_id"), "purpose", ["purpose_id"], ["id"]
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_post_audience_id"), "audience", ["audience_id"], ["id"]
        )

    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("failing_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("days", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.alter_column("url", existing_type=sa.TEXT(), nullable=True)
        batch_op.alter_column("host", existing_type=sa.TEXT(), nullable=True)
    _index_words()
    _carry_over()
    _fill()
