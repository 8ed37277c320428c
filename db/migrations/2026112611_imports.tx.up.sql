ALTER TABLE imports ADD COLUMN progress INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100); -- percent

--bun:split

UPDATE imports SET progress = 100 WHERE status = 'committed';

--bun:split

-- One at a time: what a second one plans against must not be taken back under it.
CREATE UNIQUE INDEX import_running ON imports (status) WHERE status = 'running';

--bun:split

-- Who removes a product or variant is asked which keys lead to it.
CREATE INDEX links_of_product ON import_links (product_id);

--bun:split

CREATE INDEX links_of_variant ON import_links (variant_id);

--bun:split

-- What a running import did, in order, each row written with what it tells of: undoing takes off the last ones first.
CREATE TABLE import_steps (
	id        INTEGER PRIMARY KEY AUTOINCREMENT,
	import_id INTEGER NOT NULL REFERENCES imports (id) ON DELETE CASCADE,
	kind      TEXT NOT NULL CHECK (kind IN ('brand', 'category', 'made', 'changed', 'linked', 'stocked')),
	entity_id INTEGER NOT NULL, -- by kind a label, product or variant; no reference, for they may go before the step
	weight    INTEGER NOT NULL CHECK (weight > 0), -- how many variants it wrote
	was       TEXT NOT NULL CHECK (json_type(was) = 'object') -- what undoing needs to know
) STRICT;

--bun:split

CREATE INDEX steps_of_import ON import_steps (import_id, id);
