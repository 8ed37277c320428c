-- Categories stand in a tree. Position is a category's place among its siblings; place, path and path_key say the same of all
-- that is above it, so that a list in the order of the tree, a whole branch and a path by name are each one range of an index.
ALTER TABLE categories ADD COLUMN parent_id INTEGER REFERENCES categories (id) CHECK (parent_id <> id);

--bun:split

ALTER TABLE categories ADD COLUMN position INTEGER NOT NULL DEFAULT 0 CHECK (position >= 0);

--bun:split

ALTER TABLE categories ADD COLUMN place TEXT NOT NULL DEFAULT '' CHECK (length(place) <= 32); -- positions from the top down, four digits each

--bun:split

ALTER TABLE categories ADD COLUMN path TEXT NOT NULL DEFAULT ''; -- 'Home > Kitchen'

--bun:split

ALTER TABLE categories ADD COLUMN path_key TEXT NOT NULL DEFAULT ''; -- folded

--bun:split

ALTER TABLE categories ADD COLUMN products INTEGER NOT NULL DEFAULT 0 CHECK (products >= 0); -- that are in it and not archived

--bun:split

ALTER TABLE brands ADD COLUMN products INTEGER NOT NULL DEFAULT 0 CHECK (products >= 0);

--bun:split

DROP INDEX category_of_name;

--bun:split

-- What used to be one name, 'Clothing > Hoodies', becomes the branch that it describes.
CREATE TABLE category_parts (
	key        TEXT PRIMARY KEY, -- the folded path
	parent_key TEXT,
	name       TEXT NOT NULL,
	name_key   TEXT NOT NULL,
	sort_key   TEXT NOT NULL,
	was        TEXT -- the whole name, of what was a category
) STRICT, WITHOUT ROWID;

--bun:split

INSERT INTO category_parts
WITH RECURSIVE whole (name, name_key, sort_key) AS (
	SELECT name, name_key, sort_key FROM categories WHERE instr(name, ' > ') > 0
		AND length(name) - length(replace(name, ' > ', '')) <= 7 * 3
		AND length(name) - length(replace(name, ' > ', '')) = length(name_key) - length(replace(name_key, ' > ', ''))
		AND length(name) - length(replace(name, ' > ', '')) = length(sort_key) - length(replace(sort_key, ' > ', ''))
		AND instr(replace(name, ' > ', '>'), '>>') = 0 AND name NOT LIKE '> %' AND name NOT LIKE '% >'
), parts (key, parent_key, name, name_key, sort_key, rest, rest_key, rest_sort, was) AS (
	SELECT '', NULL, '', '', '', name || ' > ', name_key || ' > ', sort_key || ' > ', name FROM whole
	UNION ALL
	SELECT iif(key = '', '', key || ' > ') || substr(rest_key, 1, instr(rest_key, ' > ') - 1), nullif(key, ''),
		substr(rest, 1, instr(rest, ' > ') - 1), substr(rest_key, 1, instr(rest_key, ' > ') - 1), substr(rest_sort, 1, instr(rest_sort, ' > ') - 1),
		substr(rest, instr(rest, ' > ') + 3), substr(rest_key, instr(rest_key, ' > ') + 3), substr(rest_sort, instr(rest_sort, ' > ') + 3), was
	FROM parts WHERE rest <> ''
)
SELECT key, parent_key, min(name), name_key, min(sort_key), max(iif(rest = '', was, NULL)) FROM parts WHERE key <> '' GROUP BY key;

--bun:split

INSERT INTO categories (name, name_key, sort_key, created_at, updated_at)
SELECT name, key, sort_key, unixepoch() * 1000, unixepoch() * 1000 FROM category_parts p
WHERE NOT EXISTS (SELECT 1 FROM categories c WHERE c.name_key = p.key) ORDER BY key;

--bun:split

UPDATE categories SET parent_id = (SELECT c.id FROM category_parts p JOIN categories c ON c.name_key = p.parent_key WHERE p.key = categories.name_key)
WHERE name_key IN (SELECT key FROM category_parts WHERE parent_key IS NOT NULL);

--bun:split

UPDATE categories SET name = p.name, name_key = p.name_key, sort_key = p.sort_key FROM category_parts p
WHERE p.key = categories.name_key AND p.parent_key IS NOT NULL;

--bun:split

UPDATE categories SET position = r.n
FROM (SELECT id, row_number() OVER (PARTITION BY parent_id ORDER BY sort_key, id) - 1 AS n FROM categories) r WHERE r.id = categories.id;

--bun:split

UPDATE categories SET place = t.place, path = t.path, path_key = t.path_key
FROM (
	WITH RECURSIVE tree (id, place, path, path_key) AS (
		SELECT id, printf('%04d', position), name, name_key FROM categories WHERE parent_id IS NULL
		UNION ALL
		SELECT c.id, t.place || printf('%04d', c.position), t.path || ' > ' || c.name, t.path_key || ' > ' || c.name_key
		FROM tree t JOIN categories c ON c.parent_id = t.id
	)
	SELECT * FROM tree
) t WHERE t.id = categories.id;

--bun:split

-- Where two spelled what is above them differently, one of them is now found by the other's spelling.
UPDATE variants SET words = replace(words, w.was, w.path)
FROM (
	SELECT v.id, p.was, c.path FROM category_parts p JOIN categories c ON c.path_key = p.key AND c.path <> p.was
	JOIN products r ON r.category_id = c.id JOIN variants v ON v.product_id = r.id WHERE p.was IS NOT NULL
) w WHERE w.id = variants.id;

--bun:split

DROP TABLE category_parts;

--bun:split

CREATE UNIQUE INDEX category_of_parent_and_name ON categories (coalesce(parent_id, 0), name_key);

--bun:split

CREATE INDEX categories_of_parent ON categories (parent_id, position);

--bun:split

CREATE INDEX categories_in_order ON categories (place, products);

--bun:split

CREATE INDEX categories_of_name ON categories (name_key);

--bun:split

CREATE INDEX category_of_path ON categories (path_key);

--bun:split

UPDATE categories SET products = (SELECT count(*) FROM products WHERE category_id = categories.id AND archived_at IS NULL);

--bun:split

UPDATE brands SET products = (SELECT count(*) FROM products WHERE brand_id = brands.id AND archived_at IS NULL);

--bun:split

-- How many products each has is kept, whoever writes a product.
CREATE TRIGGER products_counted_when_made AFTER INSERT ON products WHEN new.archived_at IS NULL BEGIN
	UPDATE categories SET products = products + 1 WHERE id = new.category_id;
	UPDATE brands SET products = products + 1 WHERE id = new.brand_id;
END;

--bun:split

CREATE TRIGGER products_counted_when_moved AFTER UPDATE OF category_id, archived_at ON products
WHEN iif(old.archived_at IS NULL, old.category_id, NULL) IS NOT iif(new.archived_at IS NULL, new.category_id, NULL) BEGIN
	UPDATE categories SET products = products - 1 WHERE id = old.category_id AND old.archived_at IS NULL;
	UPDATE categories SET products = products + 1 WHERE id = new.category_id AND new.archived_at IS NULL;
END;

--bun:split

CREATE TRIGGER products_counted_when_made_by_another AFTER UPDATE OF brand_id, archived_at ON products
WHEN iif(old.archived_at IS NULL, old.brand_id, NULL) IS NOT iif(new.archived_at IS NULL, new.brand_id, NULL) BEGIN
	UPDATE brands SET products = products - 1 WHERE id = old.brand_id AND old.archived_at IS NULL;
	UPDATE brands SET products = products + 1 WHERE id = new.brand_id AND new.archived_at IS NULL;
END;

--bun:split

CREATE TRIGGER products_counted_when_removed AFTER DELETE ON products WHEN old.archived_at IS NULL BEGIN
	UPDATE categories SET products = products - 1 WHERE id = old.category_id;
	UPDATE brands SET products = products - 1 WHERE id = old.brand_id;
END;
