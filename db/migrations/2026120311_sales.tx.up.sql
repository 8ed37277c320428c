-- What of a line's own discount an exchange passed on of the order's code: it goes no further than the code does.
ALTER TABLE order_lines ADD COLUMN from_code INTEGER NOT NULL DEFAULT 0 CHECK (from_code BETWEEN 0 AND discount - sealed_discount);
