DROP TABLE outbox;

--bun:split

CREATE TABLE outbox (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	kind        TEXT NOT NULL CHECK (kind <> ''),
	recipient   TEXT NOT NULL CHECK (recipient <> ''),
	key         TEXT NOT NULL UNIQUE CHECK (key <> ''),
	language    TEXT NOT NULL, -- '' for the shop's
	facts       TEXT NOT NULL CHECK (json_valid(facts)),
	order_id    INTEGER, -- the order it is about
	location_id INTEGER, -- only those who see this store may read it; null: those who see all
	costs       INTEGER NOT NULL DEFAULT 0 CHECK (costs IN (0, 1)), -- it tells costs
	status      TEXT NOT NULL DEFAULT 'queued' CHECK (status IN ('queued', 'sending', 'sent', 'dead')),
	queued_at   INTEGER NOT NULL,
	since       INTEGER NOT NULL, -- when it was queued, or last retried by hand: it is given up 72 hours later
	until       INTEGER,          -- no use afterwards
	due_at      INTEGER NOT NULL,
	leased_to   INTEGER,          -- while it is being sent
	attempts    INTEGER NOT NULL DEFAULT 0,
	waits       INTEGER NOT NULL DEFAULT 0 CHECK (waits IN (0, 1)), -- only for the server to work again
	last_error  TEXT NOT NULL DEFAULT '',
	hint        TEXT NOT NULL DEFAULT '',
	sent_at     INTEGER,
	seen        INTEGER NOT NULL DEFAULT 0 CHECK (seen IN (0, 1)), -- somebody saw that it was given up
	subject     TEXT NOT NULL DEFAULT '', -- from here on it is worded: once, however often it is tried
	body_text   TEXT NOT NULL DEFAULT '',
	body_html   TEXT NOT NULL DEFAULT '',
	unsubscribe TEXT NOT NULL DEFAULT '',
	message_id  TEXT NOT NULL DEFAULT '',
	version     INTEGER NOT NULL DEFAULT 1
) STRICT;

--bun:split

CREATE INDEX outbox_due ON outbox (due_at, id) WHERE status = 'queued';

--bun:split

CREATE INDEX outbox_sending ON outbox (leased_to) WHERE status = 'sending';

--bun:split

CREATE INDEX outbox_open ON outbox (status, id) WHERE status <> 'sent';

--bun:split

CREATE INDEX outbox_of_kind ON outbox (kind, id);

--bun:split

CREATE INDEX outbox_of_recipient ON outbox (lower(recipient), id);

--bun:split

CREATE INDEX outbox_of_order ON outbox (order_id, id) WHERE order_id IS NOT NULL;

--bun:split

CREATE TABLE outbox_attempts (
	id      INTEGER PRIMARY KEY,
	mail_id INTEGER NOT NULL REFERENCES outbox (id) ON DELETE CASCADE,
	at      INTEGER NOT NULL,
	step    TEXT NOT NULL,    -- where it ended; '' when the server took it
	code    INTEGER NOT NULL, -- the server's, 0 without one
	reply   TEXT NOT NULL     -- the server's own words
) STRICT;

--bun:split

CREATE INDEX attempts_of_mail ON outbox_attempts (mail_id, id);

--bun:split

-- Times in which no mail left at all; at most one is open.
CREATE TABLE outages (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	since    INTEGER NOT NULL,
	until    INTEGER,
	failures INTEGER NOT NULL,
	retry_at INTEGER NOT NULL,
	reply    TEXT NOT NULL,
	hint     TEXT NOT NULL,
	waiting  INTEGER NOT NULL DEFAULT 0, -- mails that were late when it ended
	dead     INTEGER NOT NULL DEFAULT 0  -- mails that were given up meanwhile
) STRICT;

--bun:split

CREATE UNIQUE INDEX outage_open ON outages ((1)) WHERE until IS NULL;
