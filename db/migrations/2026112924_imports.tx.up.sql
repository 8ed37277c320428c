ALTER TABLE imports ADD COLUMN undo_until INTEGER; -- when the steps back are forgotten; NULL: there are none

--bun:split

ALTER TABLE imports ADD COLUMN undone_at INTEGER;

--bun:split

-- While a committed import is being taken back, the highest row it has steps of then, plus one; 0 otherwise.
ALTER TABLE imports ADD COLUMN undo_from INTEGER NOT NULL DEFAULT 0 CHECK (undo_from >= 0);

--bun:split

-- What an import did, in order, each row written with what it tells of. One that fails is taken back by the last ones first; one
-- that is committed row by row of the file, for a row is taken back whole or not at all.
CREATE TABLE import_steps_by_row (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
	file_row  INTEGER NOT NULL CHECK (file_row >= 0), -- of the product or whatever else it belongs to; 0 for what several share
	kind      TEXT NOT NULL CHECK (kind IN ('brand', 'category', 'made', 'changed', 'linked', 'stocked', 'customer_made', 'customer_changed', 'customer_linked')),
	entity_id INTEGER NOT NULL, -- by kind a label, product, variant or customer; no reference, for they may go before the step
	weight    INTEGER NOT NULL CHECK (weight > 0), -- how many variants it wrote
	was       TEXT NOT NULL CHECK (json_type(was) = 'object') -- what undoing needs to know
) STRICT;

--bun:split

-- Those of committed imports do not know their rows and were to be forgotten anyway.
INSERT INTO import_steps_by_row (id, import_id, file_row, kind, entity_id, weight, was)
	SELECT s.id, s.import_id, 0, s.kind, s.entity_id, s.weight, s.was FROM import_steps s JOIN imports m ON m.id = s.import_id WHERE m.status = 'running';

--bun:split

DROP TABLE import_steps;

--bun:split

ALTER TABLE import_steps_by_row RENAME TO import_steps;

--bun:split

CREATE INDEX steps_of_import ON import_steps (import_id, id);

--bun:split

CREATE INDEX steps_of_row ON import_steps (import_id, file_row, id);

--bun:split

CREATE INDEX imports_to_forget ON imports (undo_until) WHERE undo_until IS NOT NULL;
