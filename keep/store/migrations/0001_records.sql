-- The records and what stands beside them. These tables are the truth: nothing here
-- can be rebuilt from anything else.

CREATE TABLE records (
    seq        {{SEQ}} NOT NULL PRIMARY KEY,
    kind       {{TEXT}} NOT NULL,
    schema     BIGINT NOT NULL,
    subject    {{TEXT}} NOT NULL,
    key        {{TEXT}} NOT NULL,
    recorded   BIGINT NOT NULL,
    salt       {{BYTES}},
    body       {{TEXT}},
    commitment {{BYTES}} NOT NULL,
    prev       {{BYTES}} NOT NULL,
    hash       {{BYTES}} NOT NULL
);

CREATE UNIQUE INDEX records_key ON records (key);

CREATE INDEX records_subject ON records (subject, seq) WHERE subject <> '';

-- One row; whoever appends locks it by updating it.
CREATE TABLE head (
    id       BIGINT NOT NULL PRIMARY KEY,
    seq      BIGINT NOT NULL,
    hash     {{BYTES}} NOT NULL,
    recorded BIGINT NOT NULL
);

CREATE TABLE leases (
    name    {{TEXT}} NOT NULL PRIMARY KEY,
    holder  {{TEXT}} NOT NULL,
    epoch   BIGINT NOT NULL,
    expires BIGINT NOT NULL
);

CREATE TABLE cursors (
    consumer {{TEXT}} NOT NULL PRIMARY KEY,
    seq      BIGINT NOT NULL
);

-- The last number given to an incident of each year. Kept apart from the read tables,
-- so that a number is not given twice after an erasure.
CREATE TABLE incident_numbers (
    year BIGINT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

-- One row a day table (obs_YYYYMMDD); day counts from 1970-01-01, UTC.
CREATE TABLE observation_days (
    day       BIGINT NOT NULL PRIMARY KEY,
    row_count BIGINT NOT NULL,
    last_end  BIGINT NOT NULL,
    dropped   BIGINT NOT NULL
);

-- Observations that an event used when their day was dropped, with their path in the
-- batch's tree.
CREATE TABLE kept_observations (
    id      {{BYTES}} NOT NULL PRIMARY KEY,
    batch   BIGINT NOT NULL,
    idx     BIGINT NOT NULL,
    path    {{BYTES}} NOT NULL,
    payload {{TEXT}} NOT NULL
);

-- The leaf hashes of batches that lost some of their days, so that what is left can
-- still be checked against the manifest.
CREATE TABLE batch_leaves (
    batch  BIGINT NOT NULL PRIMARY KEY,
    hashes {{BYTES}} NOT NULL
);

-- Ids of erased observations, so that the next import does not bring them back.
CREATE TABLE erased_observations (
    id    {{BYTES}} NOT NULL PRIMARY KEY,
    batch BIGINT NOT NULL
);
