-- Open is also what has money to be given back, whatever else became of it.
DROP INDEX orders_open;

--bun:split

CREATE INDEX orders_open ON orders (id) WHERE (status IN ('draft', 'placed', 'confirmed') OR payment_status = 'overpaid');
