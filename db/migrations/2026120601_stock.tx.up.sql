-- When to order more of a variant for a location, worked out from what it sold and how long its deliveries took. Where there is too
-- little to go by there is no row, and the variant's own reorder point holds.
CREATE TABLE reorder_points (
	variant_id  INTEGER NOT NULL REFERENCES variants (id) ON DELETE CASCADE,
	location_id INTEGER NOT NULL REFERENCES locations (id),
	point       INTEGER NOT NULL CHECK (point >= 0),
	PRIMARY KEY (variant_id, location_id)
) STRICT, WITHOUT ROWID;

--bun:split

CREATE INDEX reorder_points_of_location ON reorder_points (location_id);
