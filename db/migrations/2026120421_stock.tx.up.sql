-- An adjustment by hand is the document of its movements, so that it can be taken back as a whole. Those of before have none.
CREATE TABLE adjustments (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	at          INTEGER NOT NULL,
	location_id INTEGER NOT NULL REFERENCES locations (id),
	undone_at   INTEGER
) STRICT;

--bun:split

CREATE TRIGGER adjustments_are_undone_once BEFORE UPDATE ON adjustments WHEN OLD.undone_at IS NOT NULL OR NEW.undone_at IS NULL
	OR (NEW.id, NEW.at, NEW.location_id) IS NOT (OLD.id, OLD.at, OLD.location_id) BEGIN SELECT RAISE(ABORT, 'an adjustment is undone once'); END;

--bun:split

CREATE INDEX movements_of_adjustment ON movements (document_id, id) WHERE document_type = 'adjustment';

--bun:split

CREATE INDEX aside_steps_of_adjustment ON aside_steps (document_id) WHERE document_type = 'adjustment';
