-- A picture of a product. Its files, named by their content, lie in the data folder before its row is here.
CREATE TABLE product_images (
	id         INTEGER PRIMARY KEY,
	product_id INTEGER NOT NULL REFERENCES products (id),
	variant_id INTEGER REFERENCES variants (id), -- that it shows; none for all of them
	position   INTEGER NOT NULL CHECK (position >= 0), -- 0 is shown first
	hash       TEXT NOT NULL CHECK (length(hash) = 32 AND hash NOT GLOB '*[^0-9a-f]*'),
	format     TEXT NOT NULL CHECK (format IN ('jpg', 'png')),
	width      INTEGER NOT NULL CHECK (width BETWEEN 1 AND 1600), -- of the largest file
	height     INTEGER NOT NULL CHECK (height BETWEEN 1 AND 1600),
	alt        TEXT NOT NULL,
	removed_at INTEGER, -- it can be brought back until the cleanup comes by
	created_at INTEGER NOT NULL
) STRICT;

--bun:split

CREATE UNIQUE INDEX product_images_in_order ON product_images (product_id, position) WHERE removed_at IS NULL;

--bun:split

CREATE INDEX images_of_product ON product_images (product_id);

--bun:split

CREATE INDEX images_of_variant ON product_images (variant_id);

--bun:split

CREATE INDEX images_removed ON product_images (removed_at) WHERE removed_at IS NOT NULL;
