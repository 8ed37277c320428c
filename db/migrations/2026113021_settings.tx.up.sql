-- How wide receipts are, and what larger papers are printed on.
ALTER TABLE settings ADD COLUMN receipt_width INTEGER NOT NULL DEFAULT 80 CHECK (receipt_width IN (80, 58));

--bun:split

ALTER TABLE settings ADD COLUMN paper_size TEXT NOT NULL DEFAULT 'a4' CHECK (paper_size IN ('a4', 'letter'));

--bun:split

-- What stands before the numbers of invoices and credit notes: each prefix is a series of its own.
ALTER TABLE settings ADD COLUMN invoice_prefix TEXT NOT NULL DEFAULT 'INV-';

--bun:split

ALTER TABLE settings ADD COLUMN credit_note_prefix TEXT NOT NULL DEFAULT 'CN-';
