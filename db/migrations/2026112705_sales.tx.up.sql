ALTER TABLE order_timeline ADD COLUMN approver_id INTEGER;

--bun:split

ALTER TABLE order_timeline ADD COLUMN approver_name TEXT;
