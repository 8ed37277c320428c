-- Whether cash needs an open till.
ALTER TABLE settings ADD COLUMN till_required INTEGER NOT NULL DEFAULT 0 CHECK (till_required IN (0, 1));

--bun:split

-- Whether who counts a till is not shown what should be in it.
ALTER TABLE settings ADD COLUMN till_blind INTEGER NOT NULL DEFAULT 0 CHECK (till_blind IN (0, 1));

--bun:split

-- By how much a till may differ without a reason, in minor units.
ALTER TABLE settings ADD COLUMN till_tolerance INTEGER NOT NULL DEFAULT 0 CHECK (till_tolerance BETWEEN 0 AND 9007199254740991);
