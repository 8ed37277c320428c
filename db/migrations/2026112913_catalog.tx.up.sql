-- What a variant cost and when, in the shop and to the shop: written with each change, by whatever way it comes. A row of a
-- new variant has nothing before.
CREATE TABLE variant_prices (
	id                      INTEGER PRIMARY KEY AUTOINCREMENT,
	variant_id              INTEGER NOT NULL REFERENCES variants (id) ON DELETE CASCADE,
	at                      INTEGER NOT NULL,
	actor_kind              TEXT NOT NULL,
	actor_id                INTEGER NOT NULL,
	actor_name              TEXT NOT NULL,
	price_before            INTEGER,
	compare_at_price_before INTEGER,
	cost_before             INTEGER,
	sale_price_before       INTEGER,
	sale_starts_before      INTEGER,
	sale_ends_before        INTEGER,
	price                   INTEGER NOT NULL,
	compare_at_price        INTEGER,
	cost                    INTEGER,
	sale_price              INTEGER,
	sale_starts             INTEGER,
	sale_ends               INTEGER,
	CHECK ((price_before, compare_at_price_before, cost_before, sale_price_before, sale_starts_before, sale_ends_before)
		IS NOT (price, compare_at_price, cost, sale_price, sale_starts, sale_ends))
) STRICT;

--bun:split

CREATE INDEX prices_of_variant ON variant_prices (variant_id, id);

--bun:split

CREATE TRIGGER variant_prices_stay BEFORE UPDATE ON variant_prices BEGIN
	SELECT RAISE(ABORT, 'the history of prices is never changed');
END;

--bun:split

-- It goes with its variant only, when that is deleted as if it had never been made.
CREATE TRIGGER variant_prices_go BEFORE DELETE ON variant_prices WHEN EXISTS (SELECT 1 FROM variants WHERE id = old.variant_id) BEGIN
	SELECT RAISE(ABORT, 'the history of prices is never deleted');
END;
