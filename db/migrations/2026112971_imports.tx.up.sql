-- Why an import failed as a code with its params, for people who read another language than the failure's.
ALTER TABLE imports ADD COLUMN failure_code TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE imports ADD COLUMN failure_params TEXT NOT NULL DEFAULT '{}' CHECK (json_type(failure_params) = 'object');
