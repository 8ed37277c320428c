-- The most that should be there, 0 where nobody says.
ALTER TABLE variants ADD COLUMN max_stock INTEGER NOT NULL DEFAULT 0 CHECK (max_stock BETWEEN 0 AND 1000000000);
