-- A lower price for a time: from its start, and until its end, each open where it is null.
ALTER TABLE variants ADD COLUMN sale_price INTEGER CHECK (sale_price BETWEEN 0 AND price);

--bun:split

ALTER TABLE variants ADD COLUMN sale_starts INTEGER CHECK (sale_starts IS NULL OR sale_price IS NOT NULL);

--bun:split

ALTER TABLE variants ADD COLUMN sale_ends INTEGER CHECK ((sale_ends IS NULL OR sale_price IS NOT NULL) AND (sale_starts IS NULL OR sale_ends > sale_starts));
