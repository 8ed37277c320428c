CREATE TABLE users (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	name          TEXT NOT NULL CHECK (name <> ''),
	email         TEXT NOT NULL,
	email_normal  TEXT NOT NULL UNIQUE,
	password_hash TEXT NOT NULL,
	role          TEXT NOT NULL CHECK (role IN ('admin', 'manager', 'employee')),
	status        TEXT NOT NULL CHECK (status IN ('pending', 'active', 'disabled', 'rejected')),
	created_at    INTEGER NOT NULL,
	version       INTEGER NOT NULL DEFAULT 1 CHECK (version > 0)
) STRICT;

--bun:split

CREATE TABLE sessions (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	user_id    INTEGER NOT NULL REFERENCES users (id),
	token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
	created_at INTEGER NOT NULL,
	used_at    INTEGER NOT NULL,
	expires_at INTEGER NOT NULL,
	ip         TEXT NOT NULL,
	user_agent TEXT NOT NULL
) STRICT;

--bun:split

CREATE INDEX sessions_of_user ON sessions (user_id);

--bun:split

CREATE INDEX sessions_by_expiry ON sessions (expires_at);
