-- Tax rates by the names that the shop knows them by: [{"id": 1, "name": "Standard", "rate": 19000}, ...].
ALTER TABLE settings ADD COLUMN tax_rates TEXT NOT NULL DEFAULT '[]' CHECK (json_type(tax_rates) = 'array');

--bun:split

-- What shipping is taxed at; null for the highest rate of the goods.
ALTER TABLE settings ADD COLUMN shipping_tax_rate INTEGER CHECK (shipping_tax_rate BETWEEN 0 AND 100000);
