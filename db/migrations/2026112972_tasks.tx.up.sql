-- What became of long work as a code with its params, for people who read another language than the note's.
ALTER TABLE works ADD COLUMN code TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE works ADD COLUMN params TEXT NOT NULL DEFAULT '{}' CHECK (json_type(params) = 'object');

--bun:split

ALTER TABLE works ADD COLUMN undoing INTEGER NOT NULL DEFAULT 0 CHECK (undoing IN (0, 1)); -- what it did is being taken back
