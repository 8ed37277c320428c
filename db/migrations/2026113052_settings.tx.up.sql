-- For how many minutes an unpaid order holds its stock, of web orders by the way the customer means to pay; 0 for no end.
ALTER TABLE settings ADD COLUMN hold_cash INTEGER NOT NULL DEFAULT 2880 CHECK (hold_cash BETWEEN 0 AND 525600);

--bun:split

ALTER TABLE settings ADD COLUMN hold_card INTEGER NOT NULL DEFAULT 60 CHECK (hold_card BETWEEN 0 AND 525600);

--bun:split

ALTER TABLE settings ADD COLUMN hold_transfer INTEGER NOT NULL DEFAULT 10080 CHECK (hold_transfer BETWEEN 0 AND 525600);

--bun:split

ALTER TABLE settings ADD COLUMN hold_other INTEGER NOT NULL DEFAULT 10080 CHECK (hold_other BETWEEN 0 AND 525600);

--bun:split

ALTER TABLE settings ADD COLUMN hold_counter INTEGER NOT NULL DEFAULT 0 CHECK (hold_counter BETWEEN 0 AND 525600);

--bun:split

ALTER TABLE settings ADD COLUMN hold_phone INTEGER NOT NULL DEFAULT 0 CHECK (hold_phone BETWEEN 0 AND 525600);

--bun:split

ALTER TABLE settings ADD COLUMN hold_api INTEGER NOT NULL DEFAULT 0 CHECK (hold_api BETWEEN 0 AND 525600);
