-- What customers bring or send back. It is received once, at one place.
CREATE TABLE returns (
	id            INTEGER PRIMARY KEY,
	order_id      INTEGER NOT NULL REFERENCES orders (id),
	status        TEXT NOT NULL CHECK (status IN ('requested', 'approved', 'rejected', 'received', 'closed')),
	reject_reason TEXT NOT NULL DEFAULT '',
	location_id   INTEGER REFERENCES locations (id),
	total         INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0),
	business_date TEXT,
	received_at   INTEGER,
	created_at    INTEGER NOT NULL,
	updated_at    INTEGER NOT NULL,
	actor_kind    TEXT NOT NULL,
	actor_id      INTEGER NOT NULL,
	actor_name    TEXT NOT NULL,
	version       INTEGER NOT NULL DEFAULT 1,
	CHECK ((status IN ('received', 'closed')) = (location_id IS NOT NULL)),
	CHECK ((location_id IS NULL) = (business_date IS NULL) AND (location_id IS NULL) = (received_at IS NULL))
) STRICT;

--bun:split

CREATE INDEX returns_of_order ON returns (order_id, id);

--bun:split

CREATE TABLE return_lines (
	id         INTEGER PRIMARY KEY,
	return_id  INTEGER NOT NULL REFERENCES returns (id),
	line_id    INTEGER NOT NULL REFERENCES order_lines (id),
	quantity   INTEGER NOT NULL CHECK (quantity > 0),
	reason     TEXT NOT NULL,
	sellable   INTEGER NOT NULL DEFAULT 0 CHECK (sellable >= 0),
	quarantine INTEGER NOT NULL DEFAULT 0 CHECK (quarantine >= 0),
	waste      INTEGER NOT NULL DEFAULT 0 CHECK (waste >= 0),
	total      INTEGER NOT NULL DEFAULT 0 CHECK (total >= 0),
	tax        INTEGER NOT NULL DEFAULT 0 CHECK (tax >= 0),
	cost       INTEGER NOT NULL DEFAULT 0 CHECK (cost >= 0),
	UNIQUE (return_id, line_id),
	CHECK (sellable + quarantine + waste <= quantity)
) STRICT;

--bun:split

CREATE INDEX return_lines_of_line ON return_lines (line_id);

--bun:split

-- What lowers what is owed: the value of received returns, and what was given for goodwill.
ALTER TABLE orders ADD COLUMN returned_total INTEGER NOT NULL DEFAULT 0 CHECK (returned_total >= 0);

--bun:split

ALTER TABLE orders ADD COLUMN allowances INTEGER NOT NULL DEFAULT 0 CHECK (allowances >= 0);

--bun:split

-- Sale entries gain kinds, and a check is changed only by making the table anew.
CREATE TABLE sale_entries_new (
	id            INTEGER PRIMARY KEY,
	at            INTEGER NOT NULL,
	business_date TEXT NOT NULL,
	kind          TEXT NOT NULL CHECK (kind IN ('sale', 'cancel', 'return', 'allowance')),
	order_id      INTEGER NOT NULL REFERENCES orders (id),
	line_id       INTEGER REFERENCES order_lines (id),
	variant_id    INTEGER REFERENCES variants (id),
	location_id   INTEGER NOT NULL REFERENCES locations (id),
	channel       TEXT NOT NULL,
	customer_id   INTEGER,
	quantity      INTEGER NOT NULL,
	gross         INTEGER NOT NULL,
	discount      INTEGER NOT NULL,
	tax           INTEGER NOT NULL,
	total         INTEGER NOT NULL,
	cost          INTEGER NOT NULL,
	return_id     INTEGER REFERENCES returns (id),
	CHECK ((kind = 'return') = (return_id IS NOT NULL))
) STRICT;

--bun:split

INSERT INTO sale_entries_new (id, at, business_date, kind, order_id, line_id, variant_id, location_id, channel, customer_id, quantity, gross, discount, tax, total, cost)
	SELECT id, at, business_date, kind, order_id, line_id, variant_id, location_id, channel, customer_id, quantity, gross, discount, tax, total, cost FROM sale_entries;

--bun:split

DROP TABLE sale_entries;

--bun:split

ALTER TABLE sale_entries_new RENAME TO sale_entries;

--bun:split

CREATE INDEX entries_of_day ON sale_entries (business_date);

--bun:split

CREATE INDEX entries_of_order ON sale_entries (order_id, id);

--bun:split

CREATE TRIGGER entries_stay BEFORE UPDATE ON sale_entries BEGIN SELECT RAISE(ABORT, 'sale entries are append-only'); END;

--bun:split

CREATE TRIGGER entries_are_kept BEFORE DELETE ON sale_entries BEGIN SELECT RAISE(ABORT, 'sale entries are append-only'); END;
