CREATE TABLE customers (
	id           INTEGER PRIMARY KEY,
	name         TEXT NOT NULL,
	name_key     TEXT NOT NULL, -- folded, to sort and find by
	email        TEXT NOT NULL,
	email_normal TEXT CHECK (email_normal <> ''),
	phone        TEXT NOT NULL,
	phone_normal TEXT NOT NULL CHECK (phone_normal NOT GLOB '*[^0-9]*'),
	note         TEXT NOT NULL,
	version      INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	created_at   INTEGER NOT NULL,
	updated_at   INTEGER NOT NULL,
	CHECK (name <> '' OR email <> '' OR phone <> ''),
	CHECK ((email = '') = (email_normal IS NULL))
) STRICT;

--bun:split

CREATE UNIQUE INDEX customer_of_email ON customers (email_normal) WHERE email_normal IS NOT NULL;

--bun:split

CREATE INDEX customers_by_name ON customers (name_key, id);

--bun:split

CREATE INDEX customers_by_phone ON customers (phone_normal) WHERE phone_normal <> '';

--bun:split

CREATE VIRTUAL TABLE customers_search USING fts5 (
	name, email, phone, phone_normal,
	content = 'customers', content_rowid = 'id', tokenize = 'trigram remove_diacritics 1'
);

--bun:split

CREATE TRIGGER customers_search_insert AFTER INSERT ON customers BEGIN
	INSERT INTO customers_search (rowid, name, email, phone, phone_normal)
	VALUES (new.id, new.name, new.email, new.phone, new.phone_normal);
END;

--bun:split

CREATE TRIGGER customers_search_update AFTER UPDATE OF name, email, phone, phone_normal ON customers BEGIN
	INSERT INTO customers_search (customers_search, rowid, name, email, phone, phone_normal)
	VALUES ('delete', old.id, old.name, old.email, old.phone, old.phone_normal);
	INSERT INTO customers_search (rowid, name, email, phone, phone_normal)
	VALUES (new.id, new.name, new.email, new.phone, new.phone_normal);
END;

--bun:split

CREATE TRIGGER customers_search_delete AFTER DELETE ON customers BEGIN
	INSERT INTO customers_search (customers_search, rowid, name, email, phone, phone_normal)
	VALUES ('delete', old.id, old.name, old.email, old.phone, old.phone_normal);
END;
