-- Words that customers are given, and what each takes off an order. A day is empty and a limit 0 where there is none.
CREATE TABLE discount_codes (
	id               INTEGER PRIMARY KEY AUTOINCREMENT,
	code             TEXT NOT NULL,
	code_key         TEXT NOT NULL UNIQUE,
	amount           INTEGER CHECK (amount BETWEEN 1 AND 9007199254740991),
	percent          INTEGER CHECK (percent BETWEEN 1 AND 100000),
	starts_on        TEXT NOT NULL,
	ends_on          TEXT NOT NULL,
	max_uses         INTEGER NOT NULL CHECK (max_uses >= 0),
	max_per_customer INTEGER NOT NULL CHECK (max_per_customer >= 0),
	minimum          INTEGER NOT NULL CHECK (minimum BETWEEN 0 AND 9007199254740991),
	active           INTEGER NOT NULL CHECK (active IN (0, 1)),
	note             TEXT NOT NULL,
	uses             INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0 AND (max_uses = 0 OR uses <= max_uses)),
	created_at       INTEGER NOT NULL,
	updated_at       INTEGER NOT NULL,
	version          INTEGER NOT NULL DEFAULT 1 CHECK (version > 0),
	CHECK ((amount IS NULL) <> (percent IS NULL)),
	CHECK (starts_on = '' OR ends_on = '' OR starts_on <= ends_on)
) STRICT;

--bun:split

-- Of which categories the goods of a code are. One that is removed leaves its row behind: a code for some goods never becomes one
-- for all.
CREATE TABLE discount_code_categories (
	code_id     INTEGER NOT NULL REFERENCES discount_codes (id) ON DELETE CASCADE,
	category_id INTEGER REFERENCES categories (id) ON DELETE SET NULL,
	UNIQUE (code_id, category_id)
) STRICT;

--bun:split

CREATE INDEX codes_of_category ON discount_code_categories (category_id);

--bun:split

-- The code that gave an order its discount, and how it was spelled.
ALTER TABLE orders ADD COLUMN discount_code_id INTEGER REFERENCES discount_codes (id) CHECK (discount_code_id IS NULL OR (discount_amount IS NULL) <> (discount_percent IS NULL));

--bun:split

ALTER TABLE orders ADD COLUMN discount_code TEXT NOT NULL DEFAULT '' CHECK ((discount_code = '') = (discount_code_id IS NULL));

--bun:split

CREATE INDEX orders_of_code ON orders (discount_code_id, customer_id) WHERE discount_code_id IS NOT NULL;

--bun:split

-- A code for some goods takes nothing off the other lines.
ALTER TABLE order_lines ADD COLUMN in_discount INTEGER NOT NULL DEFAULT 1 CHECK (in_discount = 1 OR in_discount = 0 AND order_discount = 0);
