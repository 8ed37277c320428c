-- How the customer means to pay; empty where nobody said.
ALTER TABLE orders ADD COLUMN payment_method TEXT NOT NULL DEFAULT '' CHECK (payment_method IN ('', 'cash', 'card', 'transfer', 'other'));

--bun:split

-- Until when an order holds its stock unpaid; an expired one keeps when that was.
ALTER TABLE orders ADD COLUMN hold_until INTEGER CHECK (hold_until IS NULL OR status IN ('placed', 'expired'));

--bun:split

CREATE INDEX orders_on_hold ON orders (hold_until, id) WHERE status = 'placed' AND hold_until IS NOT NULL;
