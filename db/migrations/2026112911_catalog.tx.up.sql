-- What the staff keep in mind about a product; customers never read it.
ALTER TABLE products ADD COLUMN notes TEXT NOT NULL DEFAULT '';

--bun:split

-- Words that the shop groups products by. One product has each once, whatever its case.
CREATE TABLE product_tags (
	product_id INTEGER NOT NULL REFERENCES products (id),
	tag_key    TEXT NOT NULL CHECK (tag_key <> ''), -- folded
	tag        TEXT NOT NULL CHECK (tag <> '' AND length(tag) <= 40 AND instr(tag, ',') = 0),
	PRIMARY KEY (product_id, tag_key)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE INDEX products_of_tag ON product_tags (tag_key, product_id);
