-- What of a level is set aside, and why; where the variant tracks lots, of which of them. What has expired is set aside for that alone
-- and has no row here.
CREATE TABLE asides (
	variant_id  INTEGER NOT NULL REFERENCES variants (id),
	location_id INTEGER NOT NULL REFERENCES locations (id),
	lot_id      INTEGER NOT NULL DEFAULT 0, -- 0 where the variant tracks no lots
	reason      TEXT NOT NULL CHECK (reason IN ('quarantine', 'damaged', 'safety')),
	quantity    INTEGER NOT NULL CHECK (quantity >= 0),
	step_id     INTEGER NOT NULL REFERENCES aside_steps (id), -- the last by which it became more
	PRIMARY KEY (variant_id, location_id, lot_id, reason)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE INDEX asides_newest ON asides (step_id) WHERE quantity > 0;

--bun:split

-- Who set aside what, and what became of it. It only grows.
CREATE TABLE aside_steps (
	id              INTEGER PRIMARY KEY AUTOINCREMENT,
	at              INTEGER NOT NULL,
	variant_id      INTEGER NOT NULL REFERENCES variants (id),
	location_id     INTEGER NOT NULL REFERENCES locations (id),
	lot_id          INTEGER NOT NULL DEFAULT 0,
	reason          TEXT NOT NULL,
	kind            TEXT NOT NULL CHECK (kind IN ('set_aside', 'returned', 'released', 'written_off', 'expired', 'counted')),
	delta           INTEGER NOT NULL CHECK (delta <> 0),
	note            TEXT NOT NULL DEFAULT '',
	document_type   TEXT,
	document_id     INTEGER,
	document_number TEXT,
	actor_kind      TEXT NOT NULL,
	actor_id        INTEGER NOT NULL,
	actor_name      TEXT NOT NULL
) STRICT;

--bun:split

CREATE TRIGGER aside_steps_stay BEFORE UPDATE ON aside_steps BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;

--bun:split

CREATE TRIGGER aside_steps_are_kept BEFORE DELETE ON aside_steps BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;

--bun:split

-- Until now only what came back was set aside, for quarantine.
INSERT INTO aside_steps (at, variant_id, location_id, lot_id, reason, kind, delta, actor_kind, actor_id, actor_name)
	SELECT unixepoch() * 1000, lv.variant_id, lv.location_id, 0, 'quarantine', 'returned', lv.unavailable, 'job', 0, ''
		FROM levels lv JOIN variants v ON v.id = lv.variant_id WHERE lv.unavailable > 0 AND v.tracks_lots = 0
	UNION ALL SELECT unixepoch() * 1000, variant_id, location_id, id, 'quarantine', 'returned', unavailable, 'job', 0, ''
		FROM lots WHERE unavailable > 0 AND expired_at IS NULL;

--bun:split

INSERT INTO asides (variant_id, location_id, lot_id, reason, quantity, step_id)
	SELECT variant_id, location_id, lot_id, reason, delta, id FROM aside_steps;

--bun:split

DROP TRIGGER variants_begin_lots;

--bun:split

-- What is there when a variant begins to track lots is in the one without name and date, and so is what is set aside of it.
CREATE TRIGGER variants_begin_lots AFTER UPDATE OF tracks_lots ON variants WHEN NEW.tracks_lots = 1 AND OLD.tracks_lots = 0 BEGIN
	INSERT INTO lots (variant_id, location_id, quantity, unavailable, adopted)
		SELECT variant_id, location_id, on_hand, unavailable, on_hand FROM levels WHERE variant_id = NEW.id AND on_hand > 0
		ON CONFLICT (variant_id, location_id, expires_on, lot) DO UPDATE SET quantity = excluded.quantity, unavailable = excluded.unavailable,
			adopted = adopted + excluded.quantity;
	DELETE FROM asides WHERE variant_id = NEW.id AND quantity = 0;
	UPDATE asides SET lot_id = (SELECT id FROM lots l WHERE l.variant_id = NEW.id AND l.location_id = asides.location_id AND l.lot = '' AND l.expires_on = 'never')
		WHERE variant_id = NEW.id;
END;

--bun:split

DROP TRIGGER variants_end_lots;

--bun:split

CREATE TRIGGER variants_end_lots AFTER UPDATE OF tracks_lots ON variants WHEN NEW.tracks_lots = 0 AND OLD.tracks_lots = 1 BEGIN
	DELETE FROM asides WHERE variant_id = NEW.id AND quantity = 0;
	UPDATE asides SET lot_id = 0 WHERE variant_id = NEW.id;
	UPDATE lots SET adopted = adopted - quantity, quantity = 0, unavailable = 0 WHERE variant_id = NEW.id AND quantity > 0;
END;
