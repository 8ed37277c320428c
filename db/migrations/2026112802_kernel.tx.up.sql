-- What the actor could see when the reply was made: a stored one must not tell more than a new one would.
ALTER TABLE replies ADD COLUMN sight TEXT NOT NULL DEFAULT '';

--bun:split

DELETE FROM replies;
