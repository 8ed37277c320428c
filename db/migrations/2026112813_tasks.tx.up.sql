-- What a job did for a date is done once, whatever happens to the clock or the machine.
CREATE TABLE job_dates (
	job  TEXT NOT NULL CHECK (job <> ''),
	date TEXT NOT NULL CHECK (length(date) = 10),
	at   INTEGER NOT NULL,
	PRIMARY KEY (job, date)
) STRICT, WITHOUT ROWID;

--bun:split

-- A shop that is older than its summaries starts with today's.
INSERT INTO job_dates (job, date, at) SELECT 'daily-summary', date('now', '-1 day'), unixepoch() * 1000 FROM settings;
