CREATE TABLE counters (
	name TEXT PRIMARY KEY,
	next INTEGER NOT NULL CHECK (next > 0)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE TABLE replies (
	actor TEXT NOT NULL,
	route TEXT NOT NULL,
	key   TEXT NOT NULL,
	hash  BLOB NOT NULL,
	reply TEXT NOT NULL,
	at    INTEGER NOT NULL,
	PRIMARY KEY (actor, route, key)
) STRICT;

--bun:split

CREATE INDEX replies_by_age ON replies (at);

--bun:split

CREATE TABLE events (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	at          INTEGER NOT NULL,
	topic       TEXT NOT NULL,
	entity_id   INTEGER NOT NULL,
	version     INTEGER NOT NULL,
	location_id INTEGER
) STRICT;

--bun:split

CREATE TABLE audit (
	id         INTEGER PRIMARY KEY,
	at         INTEGER NOT NULL,
	actor_kind TEXT NOT NULL,
	actor_id   INTEGER NOT NULL,
	actor_name TEXT NOT NULL,
	ip         TEXT NOT NULL,
	entity     TEXT NOT NULL,
	entity_id  INTEGER NOT NULL,
	before     TEXT,
	after      TEXT
) STRICT;

--bun:split

CREATE INDEX audit_of_entity ON audit (entity, entity_id, id);

--bun:split

CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;

--bun:split

CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
