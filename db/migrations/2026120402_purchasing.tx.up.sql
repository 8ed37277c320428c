-- What the shop orders at its suppliers. A draft has no number yet.
CREATE TABLE purchase_orders (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	number      TEXT UNIQUE,
	status      TEXT NOT NULL CHECK (status IN ('draft', 'sent', 'partially_received', 'received', 'cancelled')),
	supplier_id INTEGER NOT NULL REFERENCES suppliers (id),
	location_id INTEGER NOT NULL REFERENCES locations (id),
	note        TEXT NOT NULL DEFAULT '',
	expected_on TEXT,
	freight     INTEGER NOT NULL DEFAULT 0 CHECK (freight BETWEEN 0 AND 9007199254740991), -- what all its receipts said
	duty        INTEGER NOT NULL DEFAULT 0 CHECK (duty BETWEEN 0 AND 9007199254740991),
	lead_days   INTEGER CHECK (lead_days >= 0), -- once nothing is to come any more, and something came: how long a unit took
	version     INTEGER NOT NULL DEFAULT 1,
	created_at  INTEGER NOT NULL,
	sent_at     INTEGER,
	closed_at   INTEGER, -- when nothing of it was to come any more
	updated_at  INTEGER NOT NULL,
	CHECK ((number IS NOT NULL) = (sent_at IS NOT NULL)),
	CHECK (status <> 'draft' OR number IS NULL),
	CHECK (status NOT IN ('sent', 'partially_received', 'received') OR number IS NOT NULL),
	CHECK ((closed_at IS NOT NULL) = (status IN ('received', 'cancelled')))
) STRICT;

--bun:split

CREATE INDEX purchase_orders_open ON purchase_orders (id) WHERE status IN ('draft', 'sent', 'partially_received');

--bun:split

CREATE INDEX purchase_orders_of_supplier ON purchase_orders (supplier_id, id);

--bun:split

CREATE INDEX purchase_orders_of_location ON purchase_orders (location_id, id);

--bun:split

CREATE INDEX purchase_orders_lead ON purchase_orders (supplier_id, id DESC, lead_days) WHERE lead_days IS NOT NULL;

--bun:split

CREATE TABLE purchase_lines (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	purchase_id INTEGER NOT NULL REFERENCES purchase_orders (id),
	variant_id  INTEGER NOT NULL REFERENCES variants (id),
	code        TEXT NOT NULL DEFAULT '', -- what the supplier calls it
	quantity    INTEGER NOT NULL CHECK (quantity > 0),
	unit_cost   INTEGER NOT NULL CHECK (unit_cost BETWEEN 0 AND 9007199254740991), -- as ordered
	on_way      INTEGER NOT NULL DEFAULT 0 CHECK (on_way >= 0), -- ordered, and neither here nor called off
	received    INTEGER NOT NULL DEFAULT 0 CHECK (received >= 0),
	cancelled   INTEGER NOT NULL DEFAULT 0 CHECK (cancelled >= 0),
	goods_cost  INTEGER NOT NULL DEFAULT 0 CHECK (goods_cost BETWEEN 0 AND 9007199254740991), -- of what was received
	extra_cost  INTEGER NOT NULL DEFAULT 0 CHECK (extra_cost BETWEEN 0 AND 9007199254740991), -- its share of freight and duty
	waited      INTEGER NOT NULL DEFAULT 0 CHECK (waited >= 0), -- the days each received unit took, added up
	lead_days   INTEGER CHECK (lead_days >= 0), -- once nothing of it is to come any more, and something came
	UNIQUE (purchase_id, variant_id),
	CHECK (on_way + received + cancelled IN (0, quantity) OR on_way = 0 AND cancelled = 0 AND received > quantity)
) STRICT;

--bun:split

CREATE INDEX purchase_lines_of_variant ON purchase_lines (variant_id, purchase_id, lead_days);

--bun:split

-- Who did what with an order. It is its audit, and only grows.
CREATE TABLE purchase_steps (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	purchase_id   INTEGER NOT NULL REFERENCES purchase_orders (id),
	at            INTEGER NOT NULL,
	kind          TEXT NOT NULL CHECK (kind IN ('drafted', 'changed', 'sent', 'mailed', 'received', 'cancelled')),
	recipient     TEXT NOT NULL DEFAULT '', -- whom it was mailed to
	lines         TEXT NOT NULL DEFAULT '[]', -- what came with a receipt
	changes       TEXT NOT NULL DEFAULT '[]',
	freight       INTEGER NOT NULL DEFAULT 0,
	duty          INTEGER NOT NULL DEFAULT 0,
	actor_kind    TEXT NOT NULL,
	actor_id      INTEGER NOT NULL,
	actor_name    TEXT NOT NULL
) STRICT;

--bun:split

CREATE INDEX purchase_steps_of_order ON purchase_steps (purchase_id, id);

--bun:split

CREATE TRIGGER purchase_steps_stay BEFORE UPDATE ON purchase_steps BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;

--bun:split

CREATE TRIGGER purchase_steps_are_kept BEFORE DELETE ON purchase_steps BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;
