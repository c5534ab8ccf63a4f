-- What was read out of articles: one row in article_readings for each record that says so,
-- one in article_claims for each claim. Those of the newest record of the text that an
-- article has now count; said is 1 for what somebody promises, refuses or holds, 0 for an
-- event.
CREATE TABLE article_readings (
    seq     BIGINT NOT NULL PRIMARY KEY,
    article {{BYTES}} NOT NULL,
    hash    {{TEXT}} NOT NULL
);

CREATE INDEX article_readings_article ON article_readings (article, hash, seq);

CREATE INDEX article_readings_hash ON article_readings (hash);

CREATE TABLE article_claims (
    seq  BIGINT NOT NULL,
    idx  BIGINT NOT NULL,
    said BIGINT NOT NULL,
    body {{TEXT}} NOT NULL,
    PRIMARY KEY (seq, idx)
);

CREATE INDEX article_claims_said ON article_claims (said, seq, idx);
