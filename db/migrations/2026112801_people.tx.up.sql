-- When somebody was last here, whatever became of their sessions.
ALTER TABLE users ADD COLUMN seen_at INTEGER;

--bun:split

UPDATE users SET seen_at = (SELECT max(used_at) FROM sessions WHERE user_id = users.id);

--bun:split

-- How often the same address asked again: perhaps it was not the same person.
ALTER TABLE users ADD COLUMN asked_again INTEGER NOT NULL DEFAULT 0;

--bun:split

-- The name without regard to case and accents: people are sorted and found by it.
ALTER TABLE users ADD COLUMN sort_key TEXT NOT NULL DEFAULT '';

--bun:split

UPDATE users SET sort_key = lower(name);

--bun:split

CREATE INDEX users_by_name ON users (sort_key, id);
