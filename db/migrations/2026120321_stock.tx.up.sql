-- Counts of what is on the shelf. Selling goes on meanwhile: each line keeps what the books said when it was counted.
CREATE TABLE counts (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	number      TEXT NOT NULL UNIQUE,
	status      TEXT NOT NULL CHECK (status IN ('open', 'review', 'posting', 'posted', 'abandoned')),
	kind        TEXT NOT NULL CHECK (kind IN ('full', 'category', 'chosen', 'daily')),
	location_id INTEGER NOT NULL REFERENCES locations (id),
	category_id INTEGER REFERENCES categories (id) ON DELETE SET NULL,
	category    TEXT NOT NULL DEFAULT '', -- its path when the count was started
	blind       INTEGER NOT NULL CHECK (blind IN (0, 1)),
	note        TEXT NOT NULL DEFAULT '',
	goods       INTEGER NOT NULL CHECK (goods >= 0), -- how many it was of when it was started
	lines       INTEGER NOT NULL DEFAULT 0 CHECK (lines >= 0),
	matching    INTEGER NOT NULL DEFAULT 0 CHECK (matching BETWEEN 0 AND lines),
	units       INTEGER NOT NULL DEFAULT 0 CHECK (units >= 0),
	over        INTEGER NOT NULL DEFAULT 0 CHECK (over >= 0),
	short       INTEGER NOT NULL DEFAULT 0 CHECK (short >= 0),
	cost_over   INTEGER NOT NULL DEFAULT 0 CHECK (cost_over BETWEEN 0 AND 9007199254740991),
	cost_short  INTEGER NOT NULL DEFAULT 0 CHECK (cost_short BETWEEN 0 AND 9007199254740991),
	version     INTEGER NOT NULL DEFAULT 1,
	started_at  INTEGER NOT NULL,
	posted_at   INTEGER,
	updated_at  INTEGER NOT NULL,
	CHECK ((posted_at IS NOT NULL) = (status = 'posted'))
) STRICT;

--bun:split

CREATE INDEX counts_open ON counts (id) WHERE status IN ('open', 'review', 'posting');

--bun:split

CREATE INDEX counts_of_location ON counts (location_id, id);

--bun:split

CREATE INDEX counts_of_category ON counts (category_id) WHERE category_id IS NOT NULL;

--bun:split

-- What a count is of, where that is a list: chosen by somebody, or by rule for a day.
CREATE TABLE count_goods (
	count_id   INTEGER NOT NULL REFERENCES counts (id),
	variant_id INTEGER NOT NULL REFERENCES variants (id),
	PRIMARY KEY (count_id, variant_id)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE INDEX count_goods_of_variant ON count_goods (variant_id);

--bun:split

-- What was counted of a variant or, where that was asked for, of one of its lots. There is no line before.
CREATE TABLE count_lines (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	count_id   INTEGER NOT NULL REFERENCES counts (id),
	variant_id INTEGER NOT NULL REFERENCES variants (id),
	lot_id     INTEGER REFERENCES lots (id), -- NULL: all that is there, of whatever lot
	counted    INTEGER NOT NULL CHECK (counted BETWEEN 0 AND 1000000000),
	low        INTEGER NOT NULL, -- what would agree with the books: both the same unless something moved while it was counted bit by bit
	high       INTEGER NOT NULL CHECK (high >= low),
	variance   INTEGER NOT NULL CHECK (variance = counted - max(low, min(high, counted))),
	cost       INTEGER NOT NULL, -- what the variance is worth: by the average of when it was counted, once posted what moved
	seen       INTEGER NOT NULL, -- the newest movement when it was counted
	counted_at INTEGER NOT NULL,
	actor_kind TEXT NOT NULL,
	actor_id   INTEGER NOT NULL,
	actor_name TEXT NOT NULL,
	applied    INTEGER, -- what of the variance came onto the books
	posted_at  INTEGER,
	CHECK ((applied IS NULL) = (posted_at IS NULL))
) STRICT;

--bun:split

CREATE UNIQUE INDEX count_lines_of_count ON count_lines (count_id, variant_id, coalesce(lot_id, 0));

--bun:split

CREATE INDEX count_lines_of_variant ON count_lines (variant_id, count_id);

--bun:split

CREATE INDEX count_lines_of_lot ON count_lines (lot_id) WHERE lot_id IS NOT NULL;

--bun:split

CREATE INDEX count_lines_by_time ON count_lines (count_id, counted_at, id);

--bun:split

CREATE INDEX count_lines_by_cost ON count_lines (count_id, abs(cost), id) WHERE variance <> 0;

--bun:split

CREATE INDEX count_lines_by_units ON count_lines (count_id, abs(variance), id) WHERE variance <> 0;

--bun:split

CREATE INDEX count_lines_moved ON count_lines (count_id, id) WHERE low <> high;

--bun:split

CREATE INDEX count_lines_to_post ON count_lines (count_id, id) WHERE posted_at IS NULL;

--bun:split

-- The orders that wait because a count found less than they had reserved.
CREATE TABLE count_orders (
	count_id     INTEGER NOT NULL REFERENCES counts (id),
	order_id     INTEGER NOT NULL,
	order_number TEXT NOT NULL,
	PRIMARY KEY (count_id, order_id)
) STRICT, WITHOUT ROWID;

--bun:split

-- Who did what with a count. It is its audit, and only grows.
CREATE TABLE count_steps (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	count_id      INTEGER NOT NULL REFERENCES counts (id),
	at            INTEGER NOT NULL,
	kind          TEXT NOT NULL CHECK (kind IN ('started', 'reviewed', 'reopened', 'zeroed', 'posting', 'posted', 'abandoned')),
	actor_kind    TEXT NOT NULL,
	actor_id      INTEGER NOT NULL,
	actor_name    TEXT NOT NULL,
	approver_id   INTEGER,
	approver_name TEXT
) STRICT;

--bun:split

CREATE INDEX count_steps_of_count ON count_steps (count_id, id);

--bun:split

CREATE TRIGGER count_steps_stay BEFORE UPDATE ON count_steps BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;

--bun:split

CREATE TRIGGER count_steps_are_kept BEFORE DELETE ON count_steps BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;

--bun:split

-- What is worth being counted first: about what of it was sold since it was counted last, at cost, at least 1 a unit.
ALTER TABLE levels ADD COLUMN turned INTEGER NOT NULL DEFAULT 0 CHECK (turned >= 0);

--bun:split

ALTER TABLE levels ADD COLUMN counted_at INTEGER;

--bun:split

UPDATE levels SET turned = (SELECT min(max(0, coalesce(sum(max(abs(m.cost), abs(m.delta)) * -sign(m.delta)), 0)), 9007199254740991) FROM movements m
	WHERE m.variant_id = levels.variant_id AND m.location_id = levels.location_id AND m.document_type = 'order' AND m.reason IN ('sale', 'reversal'));

--bun:split

CREATE INDEX levels_to_count ON levels (location_id, turned DESC, counted_at) WHERE on_hand > 0;
