-- What an exchange passes on of a discount by hand goes with that discount as it does with a code.
ALTER TABLE order_lines RENAME COLUMN from_code TO from_order;
