CREATE TABLE suppliers (
	id          INTEGER PRIMARY KEY,
	name        TEXT NOT NULL CHECK (name <> ''),
	name_key    TEXT NOT NULL, -- folded: names differ by more than case
	sort_key    TEXT NOT NULL,
	contact     TEXT NOT NULL, -- whom to ask for
	email       TEXT NOT NULL,
	phone       TEXT NOT NULL,
	address     TEXT NOT NULL,
	lead_days   INTEGER NOT NULL CHECK (lead_days BETWEEN 0 AND 365), -- from order to delivery, 0 where nobody says
	notes       TEXT NOT NULL,
	items       INTEGER NOT NULL DEFAULT 0 CHECK (items >= 0), -- how many variants it supplies
	archived_at INTEGER,
	version     INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	created_at  INTEGER NOT NULL,
	updated_at  INTEGER NOT NULL
) STRICT;

--bun:split

CREATE UNIQUE INDEX supplier_of_name ON suppliers (name_key);

--bun:split

CREATE INDEX suppliers_by_name ON suppliers (sort_key, id) WHERE archived_at IS NULL;

--bun:split

CREATE INDEX suppliers_archived ON suppliers (sort_key, id) WHERE archived_at IS NOT NULL;

--bun:split

-- What a supplier sells to the shop, and how.
CREATE TABLE supplier_items (
	id          INTEGER PRIMARY KEY,
	supplier_id INTEGER NOT NULL REFERENCES suppliers (id),
	variant_id  INTEGER NOT NULL REFERENCES variants (id),
	code        TEXT NOT NULL, -- what the supplier calls it
	code_key    TEXT NOT NULL, -- folded
	cost        INTEGER CHECK (cost BETWEEN 0 AND 9007199254740991), -- of one, in minor units
	moq         INTEGER NOT NULL CHECK (moq BETWEEN 1 AND 1000000), -- the least that is ordered at once
	pack_size   INTEGER NOT NULL CHECK (pack_size BETWEEN 1 AND 1000000), -- it is ordered in multiples of this
	lead_days   INTEGER NOT NULL CHECK (lead_days BETWEEN 0 AND 365), -- 0 where it is the supplier's
	preferred   INTEGER NOT NULL CHECK (preferred IN (0, 1)),
	version     INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	created_at  INTEGER NOT NULL,
	updated_at  INTEGER NOT NULL
) STRICT;

--bun:split

CREATE UNIQUE INDEX supplier_item_of_variant ON supplier_items (variant_id, supplier_id);

--bun:split

CREATE UNIQUE INDEX supplier_preferred ON supplier_items (variant_id) WHERE preferred = 1;

--bun:split

CREATE INDEX supplier_items_in_order ON supplier_items (supplier_id, id);

--bun:split

CREATE INDEX supplier_items_of_code ON supplier_items (supplier_id, code_key);

--bun:split

CREATE TRIGGER supplier_items_counted_when_made AFTER INSERT ON supplier_items BEGIN
	UPDATE suppliers SET items = items + 1 WHERE id = new.supplier_id;
END;

--bun:split

CREATE TRIGGER supplier_items_counted_when_removed AFTER DELETE ON supplier_items BEGIN
	UPDATE suppliers SET items = items - 1 WHERE id = old.supplier_id;
END;
