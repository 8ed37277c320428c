-- Whom alone an event is for ("customer:7"); without one, everybody who may see its topic and store.
ALTER TABLE events ADD COLUMN audience TEXT CHECK (audience <> '');
