CREATE TABLE brands (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL CHECK (name <> ''),
	name_key   TEXT NOT NULL, -- folded: names differ by more than case
	sort_key   TEXT NOT NULL, -- without accents too
	version    INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;

--bun:split

CREATE UNIQUE INDEX brand_of_name ON brands (name_key);

--bun:split

CREATE INDEX brands_by_name ON brands (sort_key, id);

--bun:split

CREATE TABLE categories (
	id         INTEGER PRIMARY KEY,
	name       TEXT NOT NULL CHECK (name <> ''),
	name_key   TEXT NOT NULL,
	sort_key   TEXT NOT NULL,
	version    INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	created_at INTEGER NOT NULL,
	updated_at INTEGER NOT NULL
) STRICT;

--bun:split

CREATE UNIQUE INDEX category_of_name ON categories (name_key);

--bun:split

CREATE INDEX categories_by_name ON categories (sort_key, id);

--bun:split

CREATE TABLE products (
	id          INTEGER PRIMARY KEY,
	slug        TEXT NOT NULL CHECK (slug <> ''),
	name        TEXT NOT NULL CHECK (name <> ''),
	name_key    TEXT NOT NULL, -- folded, to sort by
	description TEXT NOT NULL,
	brand_id    INTEGER REFERENCES brands (id),
	category_id INTEGER REFERENCES categories (id),
	tax_rate    INTEGER NOT NULL CHECK (tax_rate BETWEEN 0 AND 100000), -- thousandths of a percent
	published   INTEGER NOT NULL CHECK (published IN (0, 1)),
	options     TEXT NOT NULL CHECK (json_type(options) = 'array' AND json_array_length(options) <= 3),
	archived_at INTEGER,
	version     INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	created_at  INTEGER NOT NULL,
	updated_at  INTEGER NOT NULL
) STRICT;

--bun:split

CREATE UNIQUE INDEX product_of_slug ON products (slug);

--bun:split

CREATE INDEX products_by_name ON products (name_key, id) WHERE archived_at IS NULL;

--bun:split

CREATE INDEX products_current ON products (id) WHERE archived_at IS NULL;

--bun:split

CREATE INDEX products_archived ON products (name_key, id) WHERE archived_at IS NOT NULL;

--bun:split

CREATE INDEX products_hidden ON products (name_key, id) WHERE published = 0 AND archived_at IS NULL;

--bun:split

CREATE INDEX products_of_category ON products (category_id, name_key, id);

--bun:split

CREATE INDEX products_of_brand ON products (brand_id, name_key, id);

--bun:split

-- A variant is what is priced, stocked and sold; a product without options has one.
CREATE TABLE variants (
	id               INTEGER PRIMARY KEY,
	product_id       INTEGER NOT NULL REFERENCES products (id),
	sku              TEXT NOT NULL CHECK (sku <> ''),
	sku_key          TEXT NOT NULL, -- folded: unique across the shop
	title            TEXT NOT NULL, -- 'L / Blue', '' without options
	name             TEXT NOT NULL, -- of the product, with the title
	name_key         TEXT NOT NULL, -- folded, to sort and find by
	words            TEXT NOT NULL, -- brand, category and barcodes, to find by
	options          TEXT NOT NULL CHECK (json_type(options) = 'object'),
	option_key       TEXT NOT NULL, -- the folded values: unique in the product
	price            INTEGER NOT NULL CHECK (price BETWEEN 0 AND 9007199254740991),
	compare_at_price INTEGER CHECK (compare_at_price BETWEEN 0 AND 9007199254740991),
	cost             INTEGER CHECK (cost BETWEEN 0 AND 9007199254740991),
	reorder_point    INTEGER NOT NULL CHECK (reorder_point BETWEEN 0 AND 1000000000),
	tracked          INTEGER NOT NULL CHECK (tracked IN (0, 1)),
	policy           TEXT NOT NULL CHECK (policy IN ('deny', 'backorder')),
	position         INTEGER NOT NULL,
	dropped          INTEGER NOT NULL DEFAULT 0 CHECK (dropped IN (0, 1)), -- left out of its product by an edit
	archived_at      INTEGER, -- dropped, or archived with its product: not for sale
	version          INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	created_at       INTEGER NOT NULL,
	updated_at       INTEGER NOT NULL,
	CHECK (dropped = 0 OR archived_at IS NOT NULL)
) STRICT;

--bun:split

CREATE UNIQUE INDEX variant_of_sku ON variants (sku_key);

--bun:split

CREATE UNIQUE INDEX variant_of_options ON variants (product_id, option_key) WHERE dropped = 0;

--bun:split

CREATE INDEX variants_of_product ON variants (product_id, position, id);

--bun:split

CREATE INDEX variants_by_name ON variants (name_key, id);

--bun:split

CREATE TABLE barcodes (
	lookup     TEXT PRIMARY KEY, -- all forms of one GTIN have one lookup
	code       TEXT NOT NULL,    -- as typed
	variant_id INTEGER NOT NULL REFERENCES variants (id),
	position   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

--bun:split

CREATE INDEX barcodes_of_variant ON barcodes (variant_id, position);

--bun:split

CREATE INDEX barcodes_by_code ON barcodes (code);

--bun:split

CREATE VIRTUAL TABLE variants_search USING fts5 (
	name, sku, words,
	content = 'variants', content_rowid = 'id', tokenize = 'trigram remove_diacritics 1'
);

--bun:split

CREATE TRIGGER variants_search_insert AFTER INSERT ON variants BEGIN
	INSERT INTO variants_search (rowid, name, sku, words) VALUES (new.id, new.name, new.sku, new.words);
END;

--bun:split

CREATE TRIGGER variants_search_update AFTER UPDATE OF name, sku, words ON variants
WHEN (old.name, old.sku, old.words) IS NOT (new.name, new.sku, new.words) BEGIN
	INSERT INTO variants_search (variants_search, rowid, name, sku, words) VALUES ('delete', old.id, old.name, old.sku, old.words);
	INSERT INTO variants_search (rowid, name, sku, words) VALUES (new.id, new.name, new.sku, new.words);
END;

--bun:split

CREATE TRIGGER variants_search_delete AFTER DELETE ON variants BEGIN
	INSERT INTO variants_search (variants_search, rowid, name, sku, words) VALUES ('delete', old.id, old.name, old.sku, old.words);
END;
