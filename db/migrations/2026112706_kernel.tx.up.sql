-- Replies are stored in their order, so the oldest are found without an index that every order would pay for.
DROP INDEX replies_by_age;
