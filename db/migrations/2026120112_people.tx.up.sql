-- A list as somebody likes to see it: the search and filters of its address, for them alone.
CREATE TABLE views (
	id         INTEGER PRIMARY KEY,
	user_id    INTEGER NOT NULL REFERENCES users (id),
	kind       TEXT NOT NULL CHECK (kind IN ('orders')),
	name       TEXT NOT NULL CHECK (name <> ''),
	name_key   TEXT NOT NULL, -- folded
	search     TEXT NOT NULL CHECK (length(search) <= 2000),
	position   INTEGER NOT NULL, -- its place among those of its kind
	created_at INTEGER NOT NULL,
	version    INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
) STRICT;

--bun:split

CREATE UNIQUE INDEX views_of_user ON views (user_id, kind, name_key);
