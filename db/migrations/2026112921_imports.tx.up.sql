-- How a file is written where that was said by hand: encoding, separator, decimal.
ALTER TABLE import_files ADD COLUMN dialect TEXT NOT NULL DEFAULT '{}' CHECK (json_type(dialect) = 'object');

--bun:split

-- How columns were named by hand in the last import of such a file, so that nobody does it twice.
CREATE TABLE import_mappings (
	kind       TEXT NOT NULL,
	header     TEXT NOT NULL, -- a digest of the names of its columns, in their order
	mapping    TEXT NOT NULL CHECK (json_type(mapping) = 'object'),
	updated_at INTEGER NOT NULL,
	PRIMARY KEY (kind, header)
) STRICT, WITHOUT ROWID;
