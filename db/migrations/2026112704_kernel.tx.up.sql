-- Who vouched for what was above somebody's limit.
ALTER TABLE audit ADD COLUMN approver_id INTEGER;

--bun:split

ALTER TABLE audit ADD COLUMN approver_name TEXT;

--bun:split

-- What was done: created, changed, removed, or a word of the room's own.
ALTER TABLE audit ADD COLUMN action TEXT;

--bun:split

CREATE INDEX audit_of_actor ON audit (actor_kind, actor_id, id);

--bun:split

CREATE INDEX audit_by_entity ON audit (entity, id);

--bun:split

CREATE INDEX audit_by_action ON audit (action, id);

--bun:split

CREATE INDEX audit_by_time ON audit (at, id);
