-- Which rows of the file are not imported and why, packed; NULL for none.
ALTER TABLE import_files ADD COLUMN rejected BLOB;
