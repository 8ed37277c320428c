-- New orders are made findable once for all the writes of a commit (sales.indexNewOrders).
DROP TRIGGER orders_search_insert;

--bun:split

DROP TRIGGER orders_search_update;

--bun:split

-- An order that its own commit changes again is not in the search table yet.
CREATE TRIGGER orders_search_update AFTER UPDATE OF search ON orders
WHEN old.search <> new.search AND EXISTS (SELECT 1 FROM orders_search_docsize WHERE id = old.id) BEGIN
	INSERT INTO orders_search (orders_search, rowid, search) VALUES ('delete', old.id, old.search);
	INSERT INTO orders_search (rowid, search) VALUES (new.id, new.search);
END;
