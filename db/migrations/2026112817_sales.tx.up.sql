-- The language that the customer reads, '' for the shop's.
ALTER TABLE orders ADD COLUMN language TEXT NOT NULL DEFAULT '' CHECK (language IN ('', 'en', 'de'));
