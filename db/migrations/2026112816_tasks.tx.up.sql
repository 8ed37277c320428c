-- Long work: it goes on when who asked for it has left.
CREATE TABLE works (
	id           INTEGER PRIMARY KEY AUTOINCREMENT,
	kind         TEXT NOT NULL CHECK (kind <> ''),
	entity_id    INTEGER NOT NULL, -- what it works on
	title        TEXT NOT NULL,
	location_id  INTEGER,
	status       TEXT NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'failed', 'cancelled')),
	progress     INTEGER NOT NULL DEFAULT 0 CHECK (progress BETWEEN 0 AND 100),
	note         TEXT NOT NULL DEFAULT '',
	actor_name   TEXT NOT NULL,
	cancelled_by TEXT NOT NULL DEFAULT '',
	started_at   INTEGER NOT NULL,
	finished_at  INTEGER,
	version      INTEGER NOT NULL DEFAULT 1
) STRICT;

--bun:split

CREATE UNIQUE INDEX work_running ON works (kind, entity_id) WHERE status = 'running';
