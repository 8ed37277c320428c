-- What came back, or is to, that somebody has to look at; all others are closed or rejected.
CREATE INDEX returns_open ON returns (id) WHERE status IN ('requested', 'approved', 'received');
