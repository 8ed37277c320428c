-- Invoices and credit notes as they were issued, with all that is printed on them. What they say is what the sale entries of their
-- order said up to the last one that they count in, less what was issued before.
CREATE TABLE invoices (
	id            INTEGER PRIMARY KEY,
	order_id      INTEGER NOT NULL REFERENCES orders (id),
	kind          TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
	series        TEXT NOT NULL, -- what stands before the number
	sequence      INTEGER NOT NULL CHECK (sequence > 0),
	number        TEXT NOT NULL UNIQUE,
	issued_at     INTEGER NOT NULL,
	business_date TEXT NOT NULL,
	tax           INTEGER NOT NULL, -- below zero where it takes back, as the total
	total         INTEGER NOT NULL,
	last_entry    INTEGER NOT NULL REFERENCES sale_entries (id),
	facts         TEXT NOT NULL CHECK (json_type(facts) = 'object'),
	actor_kind    TEXT NOT NULL,
	actor_id      INTEGER NOT NULL,
	actor_name    TEXT NOT NULL,
	UNIQUE (series, sequence)
) STRICT;

--bun:split

CREATE INDEX invoices_of_order ON invoices (order_id, id);

--bun:split

CREATE TRIGGER invoices_stay BEFORE UPDATE ON invoices BEGIN SELECT RAISE(ABORT, 'issued documents are append-only'); END;

--bun:split

CREATE TRIGGER invoices_are_kept BEFORE DELETE ON invoices BEGIN SELECT RAISE(ABORT, 'issued documents are append-only'); END;
