-- The number that says whether somebody knows of an alert, where it became news again; null for its own.
ALTER TABLE alerts ADD COLUMN news INTEGER;
