-- What each day left on the shelf of a store: a row where something moved that day. That variant and store exist is the ledger's to hold.
CREATE TABLE stock_days (
	variant_id  INTEGER NOT NULL,
	location_id INTEGER NOT NULL,
	date        TEXT NOT NULL,
	carried     INTEGER NOT NULL CHECK (carried >= 0), -- how many days before it nothing moved and something was there
	closing     INTEGER NOT NULL CHECK (closing >= 0), -- on hand after its last movement
	sold        INTEGER NOT NULL, -- less what cancelled parcels brought back
	PRIMARY KEY (variant_id, location_id, date)
) STRICT, WITHOUT ROWID;

--bun:split

INSERT INTO stock_days (variant_id, location_id, date, carried, closing, sold)
SELECT d.variant_id, d.location_id, d.date, iif(f.balance > f.delta, coalesce(julianday(d.date) - julianday(lag(d.date) OVER (PARTITION BY d.variant_id, d.location_id ORDER BY d.date)) - 1, 0), 0),
	l.balance, d.sold
FROM (SELECT variant_id, location_id, date, min(id) AS first, max(id) AS last,
		sum(iif(reason = 'sale' OR reason = 'reversal' AND document_type = 'order', -delta, 0)) AS sold
	FROM (SELECT *, max(business_date) OVER (PARTITION BY variant_id, location_id ORDER BY id) AS date FROM movements) GROUP BY 1, 2, 3) d
JOIN movements f ON f.id = d.first JOIN movements l ON l.id = d.last;

--bun:split

-- What all there was of a variant was worth at the end of each day on which that changed.
CREATE TABLE cost_days (
	variant_id INTEGER NOT NULL,
	date       TEXT NOT NULL,
	quantity   INTEGER NOT NULL CHECK (quantity >= 0),
	value      INTEGER NOT NULL CHECK (value >= 0),
	PRIMARY KEY (variant_id, date)
) STRICT, WITHOUT ROWID;

--bun:split

INSERT INTO cost_days (variant_id, date, quantity, value)
SELECT variant_id, business_date, quantity, value FROM (
	SELECT variant_id, business_date, row_number() OVER (PARTITION BY variant_id, business_date ORDER BY id DESC) AS n,
		sum(delta) OVER (PARTITION BY variant_id ORDER BY id) AS quantity, sum(cost) OVER (PARTITION BY variant_id ORDER BY id) AS value
	FROM movements) WHERE n = 1;
