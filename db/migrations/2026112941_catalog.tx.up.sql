-- Whether what is there is kept apart by lot and the day it expires.
ALTER TABLE variants ADD COLUMN tracks_lots INTEGER NOT NULL DEFAULT 0 CHECK (tracks_lots IN (0, 1) AND (tracks_lots = 0 OR tracked = 1));
