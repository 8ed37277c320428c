-- Whether the demo lives in the shop: '' when not, 'filling' while it moves in.
ALTER TABLE settings ADD COLUMN demo TEXT NOT NULL DEFAULT '' CHECK (demo IN ('', 'filling', 'in'));

--bun:split

-- The first store that the demo opened: it closes again with those opened since; 0 without a demo.
ALTER TABLE settings ADD COLUMN demo_store INTEGER NOT NULL DEFAULT 0;
