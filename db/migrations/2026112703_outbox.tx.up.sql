CREATE TABLE outbox (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	kind      TEXT NOT NULL CHECK (kind <> ''),
	recipient TEXT NOT NULL CHECK (recipient <> ''),
	key       TEXT NOT NULL UNIQUE CHECK (key <> ''),
	facts     TEXT NOT NULL CHECK (json_valid(facts)),
	status    TEXT NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sending', 'sent', 'dead')),
	queued_at INTEGER NOT NULL
) STRICT;

--bun:split

CREATE INDEX outbox_waiting ON outbox (id) WHERE status = 'queued';
