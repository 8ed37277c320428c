-- Addresses of pictures that files had, for a person to fetch. No reference to the product: it may go before its addresses do.
CREATE TABLE import_pictures (
	id         INTEGER PRIMARY KEY,
	import_id  INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
	product_id INTEGER NOT NULL,
	url        TEXT NOT NULL,
	done_at    INTEGER -- when somebody added it, or did not want it
) STRICT;

--bun:split

-- The same file twice asks for a picture once.
CREATE UNIQUE INDEX pictures_of_product ON import_pictures (product_id, url);

--bun:split

CREATE INDEX pictures_of_import ON import_pictures (import_id, product_id, id);
