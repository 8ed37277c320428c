-- A percentage follows the quantity when an order is edited.
ALTER TABLE order_lines ADD COLUMN discount_percent INTEGER CHECK (discount_percent BETWEEN 0 AND 100000);

--bun:split

-- Where it goes.
ALTER TABLE orders ADD COLUMN address TEXT CHECK (json_type(address) = 'object');

--bun:split

-- What is taken off an order stays as a line of none, since its parcels and sale entries name it, and an edit is a kind of sale entry. Both
-- only relax a check, which is a change of the schema's text (https://sqlite.org/lang_altertable.html#otheralter): made anew, the
-- tables that refer to the lines would have to be made anew too.
PRAGMA writable_schema = ON;

--bun:split

UPDATE sqlite_schema SET sql = replace(sql, 'CHECK (quantity > 0)', 'CHECK (quantity >= 0)') WHERE type = 'table' AND name = 'order_lines';

--bun:split

UPDATE sqlite_schema SET sql = replace(sql, '''sale'', ''cancel'', ''return''', '''sale'', ''edit'', ''cancel'', ''return''') WHERE type = 'table' AND name = 'sale_entries';

--bun:split

PRAGMA writable_schema = RESET;
