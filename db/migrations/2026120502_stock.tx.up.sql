-- What part of all that the shop sells within a year a variant makes; a variant of which none was sold has no row. That it exists is the ledger's to hold.
CREATE TABLE classes (
	variant_id INTEGER PRIMARY KEY,
	class      TEXT NOT NULL CHECK (class IN ('A', 'B', 'C'))
) STRICT;
