-- Goods on their way from one location to another. A draft has no number yet.
CREATE TABLE transfers (
	id               INTEGER PRIMARY KEY AUTOINCREMENT,
	number           TEXT UNIQUE,
	status           TEXT NOT NULL CHECK (status IN ('draft', 'shipped', 'partially_received', 'received', 'cancelled')),
	from_location_id INTEGER NOT NULL REFERENCES locations (id),
	to_location_id   INTEGER NOT NULL REFERENCES locations (id),
	note             TEXT NOT NULL DEFAULT '',
	version          INTEGER NOT NULL DEFAULT 1,
	created_at       INTEGER NOT NULL,
	shipped_at       INTEGER,
	received_at      INTEGER, -- when nothing of it was on its way any more
	updated_at       INTEGER NOT NULL,
	CHECK (from_location_id <> to_location_id),
	CHECK ((number IS NOT NULL) = (status IN ('shipped', 'partially_received', 'received')) AND (shipped_at IS NOT NULL) = (number IS NOT NULL)),
	CHECK ((received_at IS NOT NULL) = (status = 'received'))
) STRICT;

--bun:split

CREATE INDEX transfers_open ON transfers (id) WHERE status IN ('draft', 'shipped', 'partially_received');

--bun:split

CREATE TABLE transfer_lines (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	transfer_id INTEGER NOT NULL REFERENCES transfers (id),
	variant_id  INTEGER NOT NULL REFERENCES variants (id),
	quantity    INTEGER NOT NULL CHECK (quantity > 0),
	on_way      INTEGER NOT NULL DEFAULT 0 CHECK (on_way >= 0), -- left, and neither here nor given up
	received    INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
	missing     INTEGER NOT NULL DEFAULT 0 CHECK (missing >= 0), -- given up, with a reason
	cost        INTEGER NOT NULL DEFAULT 0 CHECK (cost >= 0), -- what it was worth when it left
	arrived     INTEGER NOT NULL DEFAULT 0 CHECK (arrived BETWEEN 0 AND cost), -- what of that is back on the books
	UNIQUE (transfer_id, variant_id),
	CHECK (on_way + received + missing IN (0, quantity)),
	CHECK (on_way > 0 OR arrived = cost)
) STRICT;

--bun:split

CREATE INDEX transfer_lines_of_variant ON transfer_lines (variant_id, on_way);

--bun:split

-- Which lots a line carries, where its variant tracked lots when it left.
CREATE TABLE transfer_lots (
	id         INTEGER PRIMARY KEY,
	line_id    INTEGER NOT NULL REFERENCES transfer_lines (id),
	lot        TEXT NOT NULL,
	expires_on TEXT NOT NULL, -- 'never' where it does not expire
	quantity   INTEGER NOT NULL CHECK (quantity > 0),
	on_way     INTEGER NOT NULL CHECK (on_way BETWEEN 0 AND quantity)
) STRICT;

--bun:split

CREATE INDEX transfer_lots_of_line ON transfer_lots (line_id, expires_on, id);

--bun:split

-- Who did what with a transfer. It is its audit, and only grows.
CREATE TABLE transfer_steps (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	transfer_id   INTEGER NOT NULL REFERENCES transfers (id),
	at            INTEGER NOT NULL,
	kind          TEXT NOT NULL CHECK (kind IN ('drafted', 'shipped', 'received', 'cancelled')),
	lines         TEXT NOT NULL DEFAULT '[]', -- what came with a receipt
	actor_kind    TEXT NOT NULL,
	actor_id      INTEGER NOT NULL,
	actor_name    TEXT NOT NULL,
	approver_id   INTEGER,
	approver_name TEXT
) STRICT;

--bun:split

CREATE INDEX transfer_steps_of_transfer ON transfer_steps (transfer_id, id);

--bun:split

CREATE TRIGGER transfer_steps_stay BEFORE UPDATE ON transfer_steps BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;

--bun:split

CREATE TRIGGER transfer_steps_are_kept BEFORE DELETE ON transfer_steps BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;
