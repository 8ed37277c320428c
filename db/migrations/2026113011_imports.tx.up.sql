-- The same table with the kinds of steps that name whom the shop buys from.
CREATE TABLE import_steps_with_suppliers (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
	file_row  INTEGER NOT NULL CHECK (file_row >= 0), -- of the product or whatever else it belongs to; 0 for what several share
	kind      TEXT NOT NULL CHECK (kind IN ('brand', 'category', 'supplier', 'made', 'changed', 'supplied', 'linked', 'stocked', 'customer_made', 'customer_changed', 'customer_linked')),
	entity_id INTEGER NOT NULL, -- by kind a label, product, variant or customer; no reference, for they may go before the step
	weight    INTEGER NOT NULL CHECK (weight > 0), -- how many variants it wrote
	was       TEXT NOT NULL CHECK (json_type(was) = 'object') -- what undoing needs to know
) STRICT;

--bun:split

INSERT INTO import_steps_with_suppliers (id, import_id, file_row, kind, entity_id, weight, was)
	SELECT id, import_id, file_row, kind, entity_id, weight, was FROM import_steps;

--bun:split

DROP TABLE import_steps;

--bun:split

ALTER TABLE import_steps_with_suppliers RENAME TO import_steps;

--bun:split

CREATE INDEX steps_of_import ON import_steps (import_id, id);

--bun:split

CREATE INDEX steps_of_row ON import_steps (import_id, file_row, id);

--bun:split

CREATE INDEX steps_of_entity ON import_steps (entity_id, kind);
