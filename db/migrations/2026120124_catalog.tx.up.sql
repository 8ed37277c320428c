-- The index is merged in steps of 64 pages: smaller ones hold the writer for less at once.
INSERT INTO variants_search (variants_search, rank) VALUES ('pgsz', 1024);
