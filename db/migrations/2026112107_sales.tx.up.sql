CREATE TABLE orders (
	id                 INTEGER PRIMARY KEY,
	number             TEXT UNIQUE,
	token              TEXT NOT NULL UNIQUE,
	status             TEXT NOT NULL CHECK (status IN ('draft', 'placed', 'confirmed', 'completed', 'cancelled', 'expired')),
	payment_status     TEXT NOT NULL CHECK (payment_status IN ('pending', 'partially_paid', 'paid', 'partially_refunded', 'refunded', 'overpaid')),
	fulfilment_status  TEXT NOT NULL CHECK (fulfilment_status IN ('unfulfilled', 'partially_fulfilled', 'fulfilled')),
	channel            TEXT NOT NULL CHECK (channel IN ('counter', 'phone', 'web', 'api', 'import')),
	location_id        INTEGER NOT NULL REFERENCES locations (id),
	currency           TEXT NOT NULL,
	prices_include_tax INTEGER NOT NULL CHECK (prices_include_tax IN (0, 1)),
	customer_id        INTEGER REFERENCES customers (id),
	customer_name      TEXT NOT NULL,
	customer_email     TEXT NOT NULL,
	customer_phone     TEXT NOT NULL,
	note               TEXT NOT NULL,
	subtotal           INTEGER NOT NULL CHECK (subtotal >= 0),
	discount           INTEGER NOT NULL CHECK (discount BETWEEN 0 AND subtotal),
	discount_amount    INTEGER CHECK (discount_amount >= 0),
	discount_percent   INTEGER CHECK (discount_percent BETWEEN 0 AND 100000),
	discount_reason    TEXT NOT NULL,
	shipping           INTEGER NOT NULL CHECK (shipping >= 0),
	shipping_tax_rate  INTEGER NOT NULL CHECK (shipping_tax_rate BETWEEN 0 AND 100000),
	shipping_tax       INTEGER NOT NULL CHECK (shipping_tax >= 0),
	tax                INTEGER NOT NULL CHECK (tax >= 0),
	total              INTEGER NOT NULL CHECK (total BETWEEN 0 AND 9007199254740991),
	paid               INTEGER NOT NULL DEFAULT 0 CHECK (paid BETWEEN 0 AND 9007199254740991),
	refunded           INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND paid),
	due                INTEGER NOT NULL CHECK (due >= 0),
	cancel_reason      TEXT NOT NULL DEFAULT '',
	business_date      TEXT,
	placed_at          INTEGER,
	created_at         INTEGER NOT NULL,
	updated_at         INTEGER NOT NULL,
	actor_kind         TEXT NOT NULL,
	actor_id           INTEGER NOT NULL,
	actor_name         TEXT NOT NULL,
	search             TEXT NOT NULL,
	version            INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	CHECK (number IS NOT NULL OR status IN ('draft', 'cancelled'))
) STRICT;

--bun:split

CREATE INDEX orders_open ON orders (id) WHERE status IN ('draft', 'placed', 'confirmed');

--bun:split

CREATE INDEX orders_of_customer ON orders (customer_id, id) WHERE customer_id IS NOT NULL;

--bun:split

CREATE INDEX orders_to_pay ON orders (payment_status, id) WHERE payment_status <> 'paid';

--bun:split

CREATE INDEX orders_of_day ON orders (business_date, id);

--bun:split

CREATE INDEX orders_dropped ON orders (id) WHERE status IN ('cancelled', 'expired');

--bun:split

CREATE INDEX orders_to_fulfil ON orders (fulfilment_status, id) WHERE fulfilment_status <> 'fulfilled';

--bun:split

CREATE INDEX orders_of_channel ON orders (channel, id);

--bun:split

CREATE INDEX orders_of_location ON orders (location_id, id);

--bun:split

CREATE INDEX orders_by_name ON orders (lower(customer_name), id) WHERE customer_name <> '';

--bun:split

CREATE VIRTUAL TABLE orders_search USING fts5 (search, content = 'orders', content_rowid = 'id', tokenize = 'trigram remove_diacritics 1');

--bun:split

CREATE TRIGGER orders_search_insert AFTER INSERT ON orders BEGIN
	INSERT INTO orders_search (rowid, search) VALUES (new.id, new.search);
END;

--bun:split

CREATE TRIGGER orders_search_update AFTER UPDATE OF search ON orders WHEN old.search <> new.search BEGIN
	INSERT INTO orders_search (orders_search, rowid, search) VALUES ('delete', old.id, old.search);
	INSERT INTO orders_search (rowid, search) VALUES (new.id, new.search);
END;

--bun:split

CREATE TABLE order_lines (
	id             INTEGER PRIMARY KEY,
	order_id       INTEGER NOT NULL REFERENCES orders (id),
	variant_id     INTEGER NOT NULL REFERENCES variants (id),
	sku            TEXT NOT NULL,
	name           TEXT NOT NULL,
	options        TEXT NOT NULL,
	quantity       INTEGER NOT NULL CHECK (quantity > 0),
	unit_price     INTEGER NOT NULL CHECK (unit_price >= 0),
	unit_cost      INTEGER,
	tax_rate       INTEGER NOT NULL CHECK (tax_rate BETWEEN 0 AND 100000),
	discount       INTEGER NOT NULL CHECK (discount >= 0),
	order_discount INTEGER NOT NULL CHECK (order_discount >= 0),
	tax            INTEGER NOT NULL CHECK (tax >= 0),
	total          INTEGER NOT NULL CHECK (total >= 0),
	fulfilled      INTEGER NOT NULL DEFAULT 0 CHECK (fulfilled BETWEEN 0 AND quantity),
	returned       INTEGER NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND fulfilled),
	tracked        INTEGER NOT NULL CHECK (tracked IN (0, 1)),
	backorder      INTEGER NOT NULL CHECK (backorder IN (0, 1)),
	CHECK (unit_price * quantity - discount - order_discount >= 0)
) STRICT;

--bun:split

CREATE INDEX lines_of_order ON order_lines (order_id, id);

--bun:split

CREATE TABLE payments (
	id            INTEGER PRIMARY KEY,
	order_id      INTEGER NOT NULL REFERENCES orders (id),
	kind          TEXT NOT NULL CHECK (kind IN ('payment', 'refund')),
	method        TEXT NOT NULL CHECK (method IN ('cash', 'card', 'transfer', 'other')),
	amount        INTEGER NOT NULL CHECK (amount > 0),
	tendered      INTEGER CHECK (tendered >= amount),
	reference     TEXT NOT NULL,
	at            INTEGER NOT NULL,
	business_date TEXT NOT NULL,
	actor_kind    TEXT NOT NULL,
	actor_id      INTEGER NOT NULL,
	actor_name    TEXT NOT NULL
) STRICT;

--bun:split

CREATE INDEX payments_of_order ON payments (order_id, id);

--bun:split

CREATE TRIGGER payments_stay BEFORE UPDATE ON payments BEGIN SELECT RAISE(ABORT, 'payments are append-only'); END;

--bun:split

CREATE TRIGGER payments_are_kept BEFORE DELETE ON payments BEGIN SELECT RAISE(ABORT, 'payments are append-only'); END;

--bun:split

CREATE TABLE fulfilments (
	id              INTEGER PRIMARY KEY,
	order_id        INTEGER NOT NULL REFERENCES orders (id),
	location_id     INTEGER NOT NULL REFERENCES locations (id),
	status          TEXT NOT NULL CHECK (status IN ('packed', 'shipped', 'delivered', 'ready', 'collected', 'cancelled')),
	pickup          INTEGER NOT NULL CHECK (pickup IN (0, 1)),
	carrier         TEXT NOT NULL,
	tracking_number TEXT NOT NULL,
	created_at      INTEGER NOT NULL,
	updated_at      INTEGER NOT NULL,
	version         INTEGER NOT NULL DEFAULT 1
) STRICT;

--bun:split

CREATE INDEX fulfilments_of_order ON fulfilments (order_id, id);

--bun:split

CREATE TABLE fulfilment_lines (
	id            INTEGER PRIMARY KEY,
	fulfilment_id INTEGER NOT NULL REFERENCES fulfilments (id),
	line_id       INTEGER NOT NULL REFERENCES order_lines (id),
	quantity      INTEGER NOT NULL CHECK (quantity > 0),
	cost          INTEGER NOT NULL DEFAULT 0
) STRICT;

--bun:split

CREATE INDEX fulfilment_lines_of_fulfilment ON fulfilment_lines (fulfilment_id, id);

--bun:split

CREATE INDEX fulfilment_lines_of_line ON fulfilment_lines (line_id);

--bun:split

CREATE TABLE sale_entries (
	id            INTEGER PRIMARY KEY,
	at            INTEGER NOT NULL,
	business_date TEXT NOT NULL,
	kind          TEXT NOT NULL CHECK (kind IN ('sale', 'cancel')),
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
	cost          INTEGER NOT NULL
) STRICT;

--bun:split

CREATE INDEX entries_of_day ON sale_entries (business_date);

--bun:split

CREATE INDEX entries_of_order ON sale_entries (order_id, id);

--bun:split

CREATE TRIGGER entries_stay BEFORE UPDATE ON sale_entries BEGIN SELECT RAISE(ABORT, 'sale entries are append-only'); END;

--bun:split

CREATE TRIGGER entries_are_kept BEFORE DELETE ON sale_entries BEGIN SELECT RAISE(ABORT, 'sale entries are append-only'); END;

--bun:split

CREATE TABLE order_timeline (
	id         INTEGER PRIMARY KEY,
	order_id   INTEGER NOT NULL REFERENCES orders (id),
	at         INTEGER NOT NULL,
	kind       TEXT NOT NULL,
	actor_kind TEXT NOT NULL,
	actor_id   INTEGER NOT NULL,
	actor_name TEXT NOT NULL,
	params     TEXT NOT NULL
) STRICT;

--bun:split

CREATE INDEX timeline_of_order ON order_timeline (order_id, id);
