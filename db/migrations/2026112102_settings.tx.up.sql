CREATE TABLE settings (
	id                  INTEGER PRIMARY KEY CHECK (id = 1),
	version             INTEGER NOT NULL DEFAULT 1,
	name                TEXT NOT NULL CHECK (name <> ''),
	currency            TEXT NOT NULL CHECK (length(currency) = 3),
	time_zone           TEXT NOT NULL,
	prices_include_tax  INTEGER NOT NULL CHECK (prices_include_tax IN (0, 1)),
	language            TEXT NOT NULL,
	default_tax_rate    INTEGER NOT NULL DEFAULT 0 CHECK (default_tax_rate BETWEEN 0 AND 100000),
	default_location_id INTEGER,
	receipt_note        TEXT NOT NULL DEFAULT '',
	address             TEXT NOT NULL DEFAULT '',
	tax_number          TEXT NOT NULL DEFAULT '',
	frozen              INTEGER NOT NULL DEFAULT 0 CHECK (frozen IN (0, 1))
) STRICT;
