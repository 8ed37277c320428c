CREATE TABLE job_runs (
	id          INTEGER PRIMARY KEY AUTOINCREMENT,
	job         TEXT NOT NULL CHECK (job <> ''),
	started_at  INTEGER NOT NULL,
	finished_at INTEGER,
	outcome     TEXT NOT NULL CHECK (outcome IN ('running', 'done', 'failed')),
	result      TEXT NOT NULL
) STRICT;

--bun:split

CREATE INDEX job_runs_of_job ON job_runs (job, id);
