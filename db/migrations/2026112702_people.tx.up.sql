-- Who is limited to some stores has rows in user_locations.
ALTER TABLE users ADD COLUMN all_locations INTEGER NOT NULL DEFAULT 1 CHECK (all_locations IN (0, 1));

--bun:split

-- What somebody wrote when asking to come in, and why they were turned down.
ALTER TABLE users ADD COLUMN note TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE users ADD COLUMN reason TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE users ADD COLUMN decided_at INTEGER;

--bun:split

ALTER TABLE users ADD COLUMN decided_by TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE users ADD COLUMN pin_hash TEXT NOT NULL DEFAULT '';

--bun:split

-- Tries since the last right PIN, counted before each is checked.
ALTER TABLE users ADD COLUMN pin_tries INTEGER NOT NULL DEFAULT 0 CHECK (pin_tries BETWEEN 0 AND 5);

--bun:split

-- Sealed with the key of the data folder; totp_new waits for its first code.
ALTER TABLE users ADD COLUMN totp_secret TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE users ADD COLUMN totp_new TEXT NOT NULL DEFAULT '';

--bun:split

-- The last time step whose code was used: no code works twice.
ALTER TABLE users ADD COLUMN totp_step INTEGER NOT NULL DEFAULT 0;

--bun:split

CREATE INDEX users_by_status ON users (status, id);

--bun:split

CREATE TABLE user_locations (
	user_id     INTEGER NOT NULL REFERENCES users (id),
	location_id INTEGER NOT NULL REFERENCES locations (id),
	PRIMARY KEY (user_id, location_id)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE TABLE recovery_codes (
	user_id INTEGER NOT NULL REFERENCES users (id),
	hash    BLOB NOT NULL CHECK (length(hash) = 32),
	PRIMARY KEY (user_id, hash)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE TABLE password_resets (
	id         INTEGER PRIMARY KEY AUTOINCREMENT,
	user_id    INTEGER NOT NULL REFERENCES users (id),
	token_hash BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
	expires_at INTEGER NOT NULL
) STRICT;

--bun:split

CREATE INDEX password_resets_of_user ON password_resets (user_id);

--bun:split

-- What the owner decided for a role; without a row its usual limits hold.
CREATE TABLE role_rules (
	role          TEXT PRIMARY KEY CHECK (role IN ('admin', 'manager', 'employee')),
	discount      INTEGER CHECK (discount BETWEEN 0 AND 100000),
	refund        INTEGER CHECK (refund >= 0),
	write_off     INTEGER CHECK (write_off >= 0),
	second_factor INTEGER NOT NULL CHECK (second_factor IN (0, 1))
) STRICT, WITHOUT ROWID;

--bun:split

-- A device is signed in once with a password; who takes over by PIN has a session under that one.
ALTER TABLE sessions ADD COLUMN device_id INTEGER REFERENCES sessions (id);

--bun:split

ALTER TABLE sessions ADD COLUMN locked INTEGER NOT NULL DEFAULT 0 CHECK (locked IN (0, 1));

--bun:split

CREATE INDEX sessions_of_device ON sessions (device_id) WHERE device_id IS NOT NULL;

--bun:split

CREATE TABLE api_tokens (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	user_id       INTEGER NOT NULL REFERENCES users (id),
	name          TEXT NOT NULL CHECK (name <> ''),
	token_hash    BLOB NOT NULL UNIQUE CHECK (length(token_hash) = 32),
	permissions   TEXT NOT NULL,
	all_locations INTEGER NOT NULL CHECK (all_locations IN (0, 1)),
	created_at    INTEGER NOT NULL,
	expires_at    INTEGER,
	used_at       INTEGER,
	revoked_at    INTEGER
) STRICT;

--bun:split

CREATE TABLE api_token_locations (
	token_id    INTEGER NOT NULL REFERENCES api_tokens (id),
	location_id INTEGER NOT NULL REFERENCES locations (id),
	PRIMARY KEY (token_id, location_id)
) STRICT, WITHOUT ROWID;
