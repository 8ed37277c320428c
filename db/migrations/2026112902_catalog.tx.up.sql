-- How a category looks, as a picture of a product does: its files lie in the data folder before it is here.
ALTER TABLE categories ADD COLUMN image_hash TEXT CHECK (length(image_hash) = 32 AND image_hash NOT GLOB '*[^0-9a-f]*');

--bun:split

ALTER TABLE categories ADD COLUMN image_format TEXT CHECK (image_format IN ('jpg', 'png'));

--bun:split

ALTER TABLE categories ADD COLUMN image_width INTEGER CHECK (image_width BETWEEN 1 AND 1600); -- of the largest file

--bun:split

ALTER TABLE categories ADD COLUMN image_height INTEGER CHECK (image_height BETWEEN 1 AND 1600
	AND (image_hash IS NULL) = (image_height IS NULL) AND (image_format IS NULL) = (image_height IS NULL) AND (image_width IS NULL) = (image_height IS NULL));
