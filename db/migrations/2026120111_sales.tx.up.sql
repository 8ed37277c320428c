-- Words that the shop sorts its orders by.
CREATE TABLE order_tags (
	order_id INTEGER NOT NULL REFERENCES orders (id),
	tag_key  TEXT NOT NULL, -- folded: tags differ by more than case
	tag      TEXT NOT NULL CHECK (tag <> ''),
	PRIMARY KEY (order_id, tag_key)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE INDEX orders_of_tag ON order_tags (tag_key, order_id);

--bun:split

-- Who looks after it, by the name they had when it was given to them.
ALTER TABLE orders ADD COLUMN assigned_id INTEGER REFERENCES users (id);

--bun:split

ALTER TABLE orders ADD COLUMN assigned_name TEXT NOT NULL DEFAULT '';

--bun:split

CREATE INDEX orders_of_assigned ON orders (assigned_id, id) WHERE assigned_id IS NOT NULL;

--bun:split

ALTER TABLE orders ADD COLUMN acknowledged_at INTEGER;

--bun:split

ALTER TABLE orders ADD COLUMN acknowledged_by TEXT NOT NULL DEFAULT '';

--bun:split

-- A new web order rings until somebody acknowledges it; those of before never did.
ALTER TABLE orders ADD COLUMN unacknowledged INTEGER NOT NULL DEFAULT 0 CHECK (unacknowledged = 0 OR unacknowledged = 1 AND channel = 'web' AND status = 'placed' AND acknowledged_at IS NULL);

--bun:split

CREATE INDEX orders_unacknowledged ON orders (id) WHERE unacknowledged = 1;

--bun:split

CREATE INDEX notes_of_order ON order_timeline (order_id, id) WHERE kind = 'noted';

--bun:split

CREATE INDEX fulfilments_waiting ON fulfilments (status, order_id) WHERE status IN ('packed', 'ready');
