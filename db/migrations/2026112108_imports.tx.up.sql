CREATE TABLE imports (
	id           INTEGER PRIMARY KEY,
	kind         TEXT NOT NULL CHECK (kind IN ('products', 'customers', 'stock', 'orders')),
	file_name    TEXT NOT NULL,
	location_id  INTEGER NOT NULL REFERENCES locations (id),
	status       TEXT NOT NULL CHECK (status IN ('previewed', 'running', 'committed', 'failed', 'undone')),
	rows         INTEGER NOT NULL CHECK (rows >= 0), -- with something in them, without the header
	creates      INTEGER NOT NULL CHECK (creates >= 0),
	updates      INTEGER NOT NULL CHECK (updates >= 0),
	skips        INTEGER NOT NULL CHECK (skips >= 0),
	error_rows   INTEGER NOT NULL CHECK (error_rows >= 0),
	details      TEXT NOT NULL CHECK (json_type(details) = 'object'), -- errors, warnings, what is left out, first rows
	failure      TEXT NOT NULL DEFAULT '',
	actor_kind   TEXT NOT NULL,
	actor_id     INTEGER NOT NULL,
	actor_name   TEXT NOT NULL,
	version      INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	created_at   INTEGER NOT NULL,
	committed_at INTEGER,
	CHECK (rows = creates + updates + skips + error_rows)
) STRICT;

--bun:split

CREATE INDEX imports_by_age ON imports (created_at);

--bun:split

-- The file as it came, packed: a commit plans anew against what is there then.
CREATE TABLE import_files (
	import_id INTEGER PRIMARY KEY REFERENCES imports (id) ON DELETE CASCADE,
	data      BLOB NOT NULL,
	mapping   TEXT NOT NULL CHECK (json_type(mapping) = 'object')
) STRICT;

--bun:split

-- What a row without a SKU, or of a product with several variants, became: so the next file finds it again.
CREATE TABLE import_links (
	source     TEXT NOT NULL, -- the system the file is from
	key        TEXT NOT NULL, -- 'sku:...' or 'id:...' there
	product_id INTEGER NOT NULL REFERENCES products (id),
	variant_id INTEGER REFERENCES variants (id), -- NULL: the product as a whole
	PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

--bun:split

-- The number the last file had, so that only its change moves stock and sales in between stand.
CREATE TABLE import_stock (
	variant_id  INTEGER NOT NULL REFERENCES variants (id),
	location_id INTEGER NOT NULL REFERENCES locations (id),
	quantity    INTEGER NOT NULL CHECK (quantity >= 0),
	PRIMARY KEY (variant_id, location_id)
) STRICT, WITHOUT ROWID;
