-- A till is a drawer of money from its opening to its close; what should be in it is kept beside what moved it.
CREATE TABLE tills (
	id            INTEGER PRIMARY KEY,
	location_id   INTEGER NOT NULL REFERENCES locations (id),
	name          TEXT NOT NULL,
	status        TEXT NOT NULL CHECK (status IN ('open', 'closed')),
	business_date TEXT NOT NULL,
	float         INTEGER NOT NULL CHECK (float BETWEEN 0 AND 9007199254740991),
	expected      INTEGER NOT NULL CHECK (expected BETWEEN -9007199254740991 AND 9007199254740991),
	opened_at     INTEGER NOT NULL,
	opened_kind   TEXT NOT NULL,
	opened_id     INTEGER NOT NULL,
	opened_name   TEXT NOT NULL,
	counted       INTEGER CHECK (counted BETWEEN 0 AND 9007199254740991),
	counts        TEXT NOT NULL DEFAULT '[]',
	reason        TEXT NOT NULL DEFAULT '',
	note          TEXT NOT NULL DEFAULT '',
	closed_at     INTEGER,
	closed_kind   TEXT,
	closed_id     INTEGER,
	closed_name   TEXT,
	version       INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	CHECK ((status = 'closed') = (counted IS NOT NULL) AND (status = 'closed') = (closed_at IS NOT NULL) AND (closed_at IS NULL) = (closed_name IS NULL))
) STRICT;

--bun:split

CREATE UNIQUE INDEX tills_open ON tills (location_id, name) WHERE status = 'open';

--bun:split

CREATE INDEX tills_of_location ON tills (location_id, id);

--bun:split

CREATE INDEX tills_by_name ON tills (location_id, name, id);

--bun:split

CREATE INDEX tills_of_day ON tills (business_date, id);

--bun:split

-- Closed is closed: only a difference that nobody gave a reason for is explained, once.
CREATE TRIGGER closed_tills_stay BEFORE UPDATE ON tills WHEN old.status = 'closed' AND (old.reason <> '' OR new.reason = ''
	OR (new.id, new.location_id, new.name, new.status, new.business_date, new.float, new.expected, new.opened_at, new.opened_kind, new.opened_id, new.opened_name,
		new.counted, new.counts, new.note, new.closed_at, new.closed_kind, new.closed_id, new.closed_name)
	IS NOT (old.id, old.location_id, old.name, old.status, old.business_date, old.float, old.expected, old.opened_at, old.opened_kind, old.opened_id, old.opened_name,
		old.counted, old.counts, old.note, old.closed_at, old.closed_kind, old.closed_id, old.closed_name))
BEGIN SELECT RAISE(ABORT, 'closed tills stay as they are'); END;

--bun:split

CREATE TRIGGER tills_are_kept BEFORE DELETE ON tills BEGIN SELECT RAISE(ABORT, 'tills are kept'); END;

--bun:split

CREATE TABLE till_movements (
	id            INTEGER PRIMARY KEY,
	till_id       INTEGER NOT NULL REFERENCES tills (id),
	kind          TEXT NOT NULL CHECK (kind IN ('paid_in', 'paid_out')),
	amount        INTEGER NOT NULL CHECK (amount > 0),
	reason        TEXT NOT NULL,
	at            INTEGER NOT NULL,
	business_date TEXT NOT NULL,
	actor_kind    TEXT NOT NULL,
	actor_id      INTEGER NOT NULL,
	actor_name    TEXT NOT NULL
) STRICT;

--bun:split

CREATE INDEX till_movements_of_till ON till_movements (till_id, at, id);

--bun:split

CREATE TRIGGER till_movements_stay BEFORE UPDATE ON till_movements BEGIN SELECT RAISE(ABORT, 'till movements are append-only'); END;

--bun:split

CREATE TRIGGER till_movements_are_kept BEFORE DELETE ON till_movements BEGIN SELECT RAISE(ABORT, 'till movements are append-only'); END;

--bun:split

CREATE TRIGGER till_movements_of_open_tills BEFORE INSERT ON till_movements WHEN (SELECT status FROM tills WHERE id = new.till_id) IS NOT 'open'
BEGIN SELECT RAISE(ABORT, 'a closed till takes nothing'); END;

--bun:split

ALTER TABLE payments ADD COLUMN till_id INTEGER REFERENCES tills (id);

--bun:split

CREATE INDEX payments_of_till ON payments (till_id, at, id) WHERE till_id IS NOT NULL;

--bun:split

CREATE TRIGGER payments_of_open_tills BEFORE INSERT ON payments WHEN new.till_id IS NOT NULL AND (SELECT status FROM tills WHERE id = new.till_id) IS NOT 'open'
BEGIN SELECT RAISE(ABORT, 'a closed till takes nothing'); END;
