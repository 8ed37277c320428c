-- What lies where of one lot. A lot is its name and the day it expires; either may be missing, and of the one without both
-- nobody knows more than that it is there. It is sold before the day it expires.
CREATE TABLE lots (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	variant_id  INTEGER NOT NULL REFERENCES variants (id),
	location_id INTEGER NOT NULL REFERENCES locations (id),
	lot         TEXT NOT NULL DEFAULT '' COLLATE NOCASE,
	expires_on  TEXT NOT NULL DEFAULT 'never' CHECK (expires_on = 'never' OR expires_on GLOB '[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'), -- 'never' sorts after every date
	quantity    INTEGER NOT NULL DEFAULT 0 CHECK (quantity >= 0),
	unavailable INTEGER NOT NULL DEFAULT 0 CHECK (unavailable BETWEEN 0 AND quantity), -- set aside
	adopted     INTEGER NOT NULL DEFAULT 0, -- what came and went without a movement, when its variant began and ceased to track lots
	expired_at  INTEGER, -- when all of it was set aside; this never turns back
	CHECK (expired_at IS NULL OR unavailable = quantity),
	CHECK (expired_at IS NULL OR expires_on <> 'never')
) STRICT;

--bun:split

CREATE UNIQUE INDEX lots_of_level ON lots (variant_id, location_id, expires_on, lot);

--bun:split

CREATE INDEX lots_by_expiry ON lots (expires_on, id) WHERE quantity > 0;

--bun:split

CREATE INDEX lots_due ON lots (expires_on) WHERE expired_at IS NULL AND quantity > 0;

--bun:split

CREATE INDEX lots_to_expire ON lots (variant_id, location_id, expires_on) WHERE expired_at IS NULL AND quantity > 0;

--bun:split

-- What of a movement came into or left which lots, and for which line of which parcel.
CREATE TABLE lot_movements (
	movement_id INTEGER NOT NULL REFERENCES movements (id),
	lot_id      INTEGER NOT NULL REFERENCES lots (id),
	delta       INTEGER NOT NULL CHECK (delta <> 0),
	line_id     INTEGER,
	parcel_id   INTEGER,
	PRIMARY KEY (movement_id, lot_id)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE INDEX lot_movements_of_lot ON lot_movements (lot_id, movement_id);

--bun:split

CREATE INDEX lot_movements_of_line ON lot_movements (line_id, parcel_id) WHERE line_id IS NOT NULL;

--bun:split

CREATE TRIGGER lot_movements_stay BEFORE UPDATE ON lot_movements BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

--bun:split

CREATE TRIGGER lot_movements_are_kept BEFORE DELETE ON lot_movements BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

--bun:split

-- What is there when a variant begins to track lots is in the one without name and date.
CREATE TRIGGER variants_begin_lots AFTER UPDATE OF tracks_lots ON variants WHEN NEW.tracks_lots = 1 AND OLD.tracks_lots = 0 BEGIN
	INSERT INTO lots (variant_id, location_id, quantity, unavailable, adopted)
		SELECT variant_id, location_id, on_hand, unavailable, on_hand FROM levels WHERE variant_id = NEW.id AND on_hand > 0
		ON CONFLICT (variant_id, location_id, expires_on, lot) DO UPDATE SET quantity = excluded.quantity, unavailable = excluded.unavailable,
			adopted = adopted + excluded.quantity;
END;

--bun:split

-- It ceases to only when no lot with a name or a date is left, or what is known of them would be lost.
CREATE TRIGGER variants_keep_lots BEFORE UPDATE OF tracks_lots ON variants WHEN NEW.tracks_lots = 0 AND OLD.tracks_lots = 1
	AND EXISTS (SELECT 1 FROM lots WHERE variant_id = NEW.id AND quantity > 0 AND (lot <> '' OR expires_on <> 'never')) BEGIN
	SELECT RAISE(ABORT, 'lots of it are there');
END;

--bun:split

CREATE TRIGGER variants_end_lots AFTER UPDATE OF tracks_lots ON variants WHEN NEW.tracks_lots = 0 AND OLD.tracks_lots = 1 BEGIN
	UPDATE lots SET adopted = adopted - quantity, quantity = 0, unavailable = 0 WHERE variant_id = NEW.id AND quantity > 0;
END;
