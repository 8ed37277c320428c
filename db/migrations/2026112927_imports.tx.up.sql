ALTER TABLE imports ADD COLUMN digest TEXT NOT NULL DEFAULT ''; -- of the file and how it is read: the same one is known again

--bun:split

CREATE INDEX imports_of_file ON imports (digest) WHERE digest <> '';

--bun:split

-- Whom a row without an email became, so the next file finds them again.
CREATE TABLE import_people (
	source      TEXT NOT NULL, -- the system the file is from
	key         TEXT NOT NULL,
	customer_id INTEGER NOT NULL REFERENCES customers (id),
	PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE INDEX people_of_customer ON import_people (customer_id);
