CREATE TABLE locations (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL COLLATE NOCASE UNIQUE CHECK (name <> ''),
	version    INTEGER NOT NULL DEFAULT 1,
	created_at INTEGER NOT NULL
) STRICT;

--bun:split

CREATE TABLE levels (
	variant_id  INTEGER NOT NULL REFERENCES variants (id),
	location_id INTEGER NOT NULL REFERENCES locations (id),
	on_hand     INTEGER NOT NULL DEFAULT 0 CHECK (on_hand BETWEEN 0 AND 1000000000000),
	committed   INTEGER NOT NULL DEFAULT 0 CHECK (committed >= 0),
	unavailable INTEGER NOT NULL DEFAULT 0 CHECK (unavailable >= 0),
	backordered INTEGER NOT NULL DEFAULT 0 CHECK (backordered >= 0),
	incoming    INTEGER NOT NULL DEFAULT 0 CHECK (incoming >= 0),
	version     INTEGER NOT NULL DEFAULT 1,
	PRIMARY KEY (variant_id, location_id),
	CHECK (on_hand - committed - unavailable >= 0)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE INDEX levels_of_location ON levels (location_id, variant_id);

--bun:split

CREATE TABLE costs (
	variant_id INTEGER PRIMARY KEY REFERENCES variants (id),
	quantity   INTEGER NOT NULL CHECK (quantity >= 0),
	value      INTEGER NOT NULL CHECK (value >= 0)
) STRICT;

--bun:split

CREATE TABLE movements (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	at              INTEGER NOT NULL,
	business_date   TEXT NOT NULL,
	variant_id      INTEGER NOT NULL REFERENCES variants (id),
	location_id     INTEGER NOT NULL REFERENCES locations (id),
	delta           INTEGER NOT NULL CHECK (delta <> 0),
	balance         INTEGER NOT NULL CHECK (balance >= 0),
	cost            INTEGER NOT NULL,
	reason          TEXT NOT NULL,
	note            TEXT NOT NULL DEFAULT '',
	document_type   TEXT,
	document_id     INTEGER,
	document_number TEXT,
	actor_kind      TEXT NOT NULL,
	actor_id        INTEGER NOT NULL,
	actor_name      TEXT NOT NULL
) STRICT;

--bun:split

CREATE INDEX movements_of_level ON movements (variant_id, location_id, id);

--bun:split

CREATE INDEX movements_of_variant ON movements (variant_id, id);

--bun:split

CREATE INDEX movements_of_location ON movements (location_id, id);

--bun:split

CREATE TRIGGER movements_stay BEFORE UPDATE ON movements BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

--bun:split

CREATE TRIGGER movements_are_kept BEFORE DELETE ON movements BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

--bun:split

CREATE TABLE reservations (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	order_id     INTEGER NOT NULL,
	order_number TEXT NOT NULL,
	line_id      INTEGER NOT NULL UNIQUE,
	variant_id   INTEGER NOT NULL REFERENCES variants (id),
	location_id  INTEGER NOT NULL REFERENCES locations (id),
	quantity     INTEGER NOT NULL CHECK (quantity >= 0),
	covered      INTEGER NOT NULL CHECK (covered BETWEEN 0 AND quantity),
	at           INTEGER NOT NULL
) STRICT;

--bun:split

CREATE INDEX reservations_open ON reservations (variant_id, location_id, id) WHERE quantity > 0;
