-- What of an order's discounts went back with goods before it had the discount that it has now: that counts against the old one alone.
ALTER TABLE orders ADD COLUMN sealed_before INTEGER NOT NULL DEFAULT 0 CHECK (sealed_before >= 0);
