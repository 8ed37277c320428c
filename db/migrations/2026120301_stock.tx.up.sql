-- A draft can be changed, and its timeline says how; a check is changed only by making the table anew.
CREATE TABLE transfer_steps_new (
	id            INTEGER PRIMARY KEY AUTOINCREMENT,
	transfer_id   INTEGER NOT NULL REFERENCES transfers (id),
	at            INTEGER NOT NULL,
	kind          TEXT NOT NULL CHECK (kind IN ('drafted', 'changed', 'shipped', 'received', 'cancelled')),
	lines         TEXT NOT NULL DEFAULT '[]', -- what came with a receipt
	changes       TEXT NOT NULL DEFAULT '[]', -- of a draft
	actor_kind    TEXT NOT NULL,
	actor_id      INTEGER NOT NULL,
	actor_name    TEXT NOT NULL,
	approver_id   INTEGER,
	approver_name TEXT
) STRICT;

--bun:split

INSERT INTO transfer_steps_new (id, transfer_id, at, kind, lines, actor_kind, actor_id, actor_name, approver_id, approver_name)
SELECT id, transfer_id, at, kind, lines, actor_kind, actor_id, actor_name, approver_id, approver_name FROM transfer_steps;

--bun:split

DROP TABLE transfer_steps;

--bun:split

ALTER TABLE transfer_steps_new RENAME TO transfer_steps;

--bun:split

CREATE INDEX transfer_steps_of_transfer ON transfer_steps (transfer_id, id);

--bun:split

CREATE TRIGGER transfer_steps_stay BEFORE UPDATE ON transfer_steps BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;

--bun:split

CREATE TRIGGER transfer_steps_are_kept BEFORE DELETE ON transfer_steps BEGIN SELECT RAISE(ABORT, 'what was done stays'); END;
