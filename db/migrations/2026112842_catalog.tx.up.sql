-- How many of its variant the thing has that a code is printed on: 1, or the number in a pack.
ALTER TABLE barcodes ADD COLUMN quantity INTEGER NOT NULL DEFAULT 1 CHECK (quantity BETWEEN 1 AND 1000);
