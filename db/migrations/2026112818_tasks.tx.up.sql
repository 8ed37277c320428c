-- What a run did as a code with its numbers, for people who read another language than the result's.
ALTER TABLE job_runs ADD COLUMN code TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE job_runs ADD COLUMN params TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(params));
