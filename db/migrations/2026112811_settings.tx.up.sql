ALTER TABLE settings ADD COLUMN opened_at INTEGER NOT NULL DEFAULT 0;

--bun:split

UPDATE settings SET opened_at = coalesce((SELECT min(at) FROM audit), unixepoch() * 1000);

--bun:split

ALTER TABLE settings ADD COLUMN public_url TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE settings ADD COLUMN mail_host TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE settings ADD COLUMN mail_port INTEGER NOT NULL DEFAULT 587 CHECK (mail_port BETWEEN 1 AND 65535);

--bun:split

ALTER TABLE settings ADD COLUMN mail_username TEXT NOT NULL DEFAULT '';

--bun:split

-- Sealed with the key of the data folder.
ALTER TABLE settings ADD COLUMN mail_password TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE settings ADD COLUMN mail_security TEXT NOT NULL DEFAULT 'starttls' CHECK (mail_security IN ('starttls', 'tls', 'none'));

--bun:split

ALTER TABLE settings ADD COLUMN mail_from TEXT NOT NULL DEFAULT '';

--bun:split

ALTER TABLE settings ADD COLUMN owner_recipients TEXT NOT NULL DEFAULT '[]' CHECK (json_type(owner_recipients) = 'array');

--bun:split

ALTER TABLE settings ADD COLUMN summary_time TEXT NOT NULL DEFAULT '07:00' CHECK (length(summary_time) = 5);

--bun:split

ALTER TABLE settings ADD COLUMN digest_time TEXT NOT NULL DEFAULT '07:00' CHECK (length(digest_time) = 5);

--bun:split

ALTER TABLE settings ADD COLUMN self_check_time TEXT NOT NULL DEFAULT '03:00' CHECK (length(self_check_time) = 5);

--bun:split

ALTER TABLE settings ADD COLUMN overstock_days INTEGER NOT NULL DEFAULT 90 CHECK (overstock_days BETWEEN 1 AND 3650);

--bun:split

-- Its picture for the head of mails, as PNG.
CREATE TABLE shop_logo (
	id  INTEGER PRIMARY KEY CHECK (id = 1),
	png BLOB NOT NULL
) STRICT;
