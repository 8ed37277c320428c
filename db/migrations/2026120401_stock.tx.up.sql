-- What is on its way to a location, by the document that brings it: a transfer, or an order at a supplier.
CREATE TABLE incoming (
	variant_id      INTEGER NOT NULL REFERENCES variants (id),
	location_id     INTEGER NOT NULL REFERENCES locations (id),
	document_type   TEXT NOT NULL CHECK (document_type IN ('transfer', 'purchase')),
	document_id     INTEGER NOT NULL,
	document_number TEXT NOT NULL,
	quantity        INTEGER NOT NULL CHECK (quantity > 0),
	expected_on     TEXT, -- NULL where nobody says
	since           INTEGER NOT NULL,
	PRIMARY KEY (variant_id, location_id, document_type, document_id)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE INDEX incoming_of_document ON incoming (document_type, document_id);

--bun:split

CREATE INDEX incoming_of_location ON incoming (location_id);

--bun:split

INSERT INTO incoming (variant_id, location_id, document_type, document_id, document_number, quantity, since)
	SELECT l.variant_id, t.to_location_id, 'transfer', t.id, t.number, l.on_way, t.shipped_at
	FROM transfer_lines l JOIN transfers t ON t.id = l.transfer_id WHERE l.on_way > 0;
