-- How orders at suppliers are advised.
ALTER TABLE settings ADD COLUMN order_days INTEGER NOT NULL DEFAULT 7 CHECK (order_days BETWEEN 1 AND 365);

--bun:split

ALTER TABLE settings ADD COLUMN service_level INTEGER NOT NULL DEFAULT 95 CHECK (service_level BETWEEN 50 AND 99);
