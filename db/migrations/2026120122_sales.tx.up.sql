-- The day by which it is promised.
ALTER TABLE orders ADD COLUMN promised_on TEXT CHECK (promised_on IS date(promised_on));

--bun:split

-- Orders whose customers know that something waits for stock: they are told when it is there.
CREATE TABLE back_orders (
	id       INTEGER PRIMARY KEY AUTOINCREMENT,
	order_id INTEGER NOT NULL UNIQUE REFERENCES orders (id),
	since    INTEGER NOT NULL
) STRICT;

--bun:split

INSERT INTO back_orders (order_id, since) SELECT DISTINCT r.order_id, o.placed_at FROM reservations r JOIN orders o ON o.id = r.order_id WHERE r.covered < r.quantity;
