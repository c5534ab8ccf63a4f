-- Totals that somebody stated, held against what the mission counted: one row a revision.
-- said is when the total was stated; the checks themselves stand in their records.
CREATE TABLE claim_checks (
    seq      BIGINT NOT NULL PRIMARY KEY,
    id       {{BYTES}} NOT NULL,
    revision BIGINT NOT NULL,
    said     BIGINT NOT NULL
);

CREATE UNIQUE INDEX claim_checks_id ON claim_checks (id, revision);

CREATE INDEX claim_checks_said ON claim_checks (said, id, revision);
