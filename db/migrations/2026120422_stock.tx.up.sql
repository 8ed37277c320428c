-- What left without being sold, and what undid that: for the report of waste, and the movements behind its figures.
CREATE INDEX movements_lost ON movements (business_date, id) WHERE (reason IN ('damage', 'waste', 'theft', 'lost', 'donated') OR reason = 'reversal' AND document_type = 'adjustment');
