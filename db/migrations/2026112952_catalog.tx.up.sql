-- What a variant is found by, in one text with two spaces before each word, so that its trigrams tell where a word begins: of "mug L"
-- even the L is found by the index.
ALTER TABLE variants ADD COLUMN search TEXT GENERATED ALWAYS AS (replace(' ' || name || ' ' || sku || ' ' || words, ' ', '  ')) VIRTUAL;

--bun:split

DROP TRIGGER variants_search_insert;

--bun:split

DROP TRIGGER variants_search_update;

--bun:split

DROP TRIGGER variants_search_delete;

--bun:split

DROP TABLE variants_search;

--bun:split

CREATE VIRTUAL TABLE variants_search USING fts5 (search, content = 'variants', content_rowid = 'id', tokenize = 'trigram remove_diacritics 1');

--bun:split

INSERT INTO variants_search (variants_search) VALUES ('rebuild');

--bun:split

CREATE TRIGGER variants_search_insert AFTER INSERT ON variants BEGIN
	INSERT INTO variants_search (rowid, search) VALUES (new.id, new.search);
END;

--bun:split

CREATE TRIGGER variants_search_update AFTER UPDATE OF name, sku, words ON variants WHEN old.search <> new.search BEGIN
	INSERT INTO variants_search (variants_search, rowid, search) VALUES ('delete', old.id, old.search);
	INSERT INTO variants_search (rowid, search) VALUES (new.id, new.search);
END;

--bun:split

CREATE TRIGGER variants_search_delete AFTER DELETE ON variants BEGIN
	INSERT INTO variants_search (variants_search, rowid, search) VALUES ('delete', old.id, old.search);
END;

--bun:split

-- Which product each is of, read of as many as a common word is in.
CREATE INDEX variants_kept ON variants (id, product_id) WHERE dropped = 0;
