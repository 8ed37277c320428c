-- A line that a code is not for may have had a part of the discount before, which went back with goods. The check is relaxed as in 2026113001.
PRAGMA writable_schema = ON;

--bun:split

UPDATE sqlite_schema SET sql = replace(sql, 'in_discount = 0 AND order_discount = 0', 'in_discount = 0 AND order_discount = sealed_order_discount') WHERE type = 'table' AND name = 'order_lines';

--bun:split

PRAGMA writable_schema = RESET;
