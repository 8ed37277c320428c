-- What there was to announce. What is about stock stays open until it recovers, and is opened anew when it happens again:
-- its number says what somebody was told of already.
CREATE TABLE alerts (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	kind          TEXT NOT NULL CHECK (kind IN ('out', 'low', 'over', 'web_order', 'mail_broken', 'self_check')),
	key           TEXT UNIQUE, -- of what happens once
	variant_id    INTEGER,
	location_id   INTEGER,
	order_id      INTEGER,
	facts         TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(facts)),
	opened_at     INTEGER NOT NULL,
	closed_at     INTEGER,
	recovered     INTEGER NOT NULL DEFAULT 0 CHECK (recovered IN (0, 1)), -- closed because all is well
	known         INTEGER NOT NULL DEFAULT 0 CHECK (known IN (0, 1)),     -- it follows from what was announced: out, now only low
	snoozed_until INTEGER,           -- null for not snoozed
	snoozed_stock INTEGER,           -- what was available then, where it rests until more arrives
	snoozed_by    TEXT NOT NULL DEFAULT ''
) STRICT;

--bun:split

CREATE UNIQUE INDEX alert_open ON alerts (variant_id, location_id, kind) WHERE closed_at IS NULL AND variant_id IS NOT NULL;

--bun:split

CREATE INDEX alerts_closed ON alerts (closed_at) WHERE recovered = 1;

--bun:split

CREATE INDEX alerts_of_kind ON alerts (kind, id);

--bun:split

-- Who wants to be told otherwise than is usual for them.
CREATE TABLE alert_wishes (
	user_id INTEGER NOT NULL,
	kind    TEXT NOT NULL,
	mode    TEXT NOT NULL CHECK (mode IN ('instant', 'hourly', 'daily', 'off')),
	PRIMARY KEY (user_id, kind)
) STRICT, WITHOUT ROWID;

--bun:split

-- What an address was told. The token ends its digests without a sign-in.
CREATE TABLE alert_readers (
	address TEXT NOT NULL,
	kind    TEXT NOT NULL,
	told    INTEGER NOT NULL, -- the last alert
	told_at INTEGER NOT NULL,
	began   INTEGER NOT NULL DEFAULT 0, -- the ten minutes in which so many were told
	count   INTEGER NOT NULL DEFAULT 0,
	PRIMARY KEY (address, kind)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE TABLE alert_addresses (
	address TEXT PRIMARY KEY,
	token   TEXT NOT NULL UNIQUE,
	stopped INTEGER NOT NULL DEFAULT 0 CHECK (stopped IN (0, 1)) -- digests and summaries, by that link
) STRICT, WITHOUT ROWID;

--bun:split

-- How far the shop was looked through.
CREATE TABLE alert_cursor (
	id     INTEGER PRIMARY KEY CHECK (id = 1),
	event  INTEGER NOT NULL, -- the last one that was looked at
	outage INTEGER NOT NULL,
	date   TEXT NOT NULL,    -- on which every level was looked at
	hour   INTEGER NOT NULL  -- whose hourly digests left
) STRICT;

--bun:split

INSERT INTO alert_cursor (id, event, outage, date, hour) VALUES (1, 0, 0, '', 0);
