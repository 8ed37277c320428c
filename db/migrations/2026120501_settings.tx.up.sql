-- What an order at a supplier costs, and what it costs to keep goods for a year; 0 where nobody said.
ALTER TABLE settings ADD COLUMN order_cost INTEGER NOT NULL DEFAULT 0 CHECK (order_cost >= 0);

--bun:split

ALTER TABLE settings ADD COLUMN holding_rate INTEGER NOT NULL DEFAULT 0 CHECK (holding_rate BETWEEN 0 AND 100000);
