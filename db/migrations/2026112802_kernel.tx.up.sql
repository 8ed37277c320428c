-- A key belongs to a person, and to the device they work at: whoever takes a tablet over sends what it kept, not a second
-- order. The sight is the stores that the actor saw: a stored reply must not tell of others.
DROP TABLE replies;

--bun:split

CREATE TABLE replies (
	key    TEXT NOT NULL,
	route  TEXT NOT NULL,
	actor  TEXT NOT NULL,
	device INTEGER NOT NULL, -- 0 without one
	hash   BLOB NOT NULL,
	reply  TEXT NOT NULL,
	sight  TEXT NOT NULL,
	at     INTEGER NOT NULL,
	PRIMARY KEY (key, route, actor)
) STRICT;
