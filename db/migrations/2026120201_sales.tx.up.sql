-- What had come back of a line when it was last priced anew, as part of the line.
ALTER TABLE order_lines ADD COLUMN sealed_quantity INTEGER NOT NULL DEFAULT 0 CHECK (sealed_quantity BETWEEN 0 AND returned);

--bun:split

ALTER TABLE order_lines ADD COLUMN sealed_discount INTEGER NOT NULL DEFAULT 0 CHECK (sealed_discount BETWEEN 0 AND discount);

--bun:split

ALTER TABLE order_lines ADD COLUMN sealed_order_discount INTEGER NOT NULL DEFAULT 0 CHECK (sealed_order_discount BETWEEN 0 AND order_discount);

--bun:split

ALTER TABLE order_lines ADD COLUMN sealed_tax INTEGER NOT NULL DEFAULT 0 CHECK (sealed_tax BETWEEN 0 AND tax);

--bun:split

ALTER TABLE order_lines ADD COLUMN sealed_total INTEGER NOT NULL DEFAULT 0 CHECK (sealed_total BETWEEN 0 AND total);
