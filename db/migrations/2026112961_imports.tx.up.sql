-- What an import changed and was led back is looked for among the steps of earlier ones.
CREATE INDEX steps_of_entity ON import_steps (entity_id, kind);
