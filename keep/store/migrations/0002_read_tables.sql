-- The read tables: folded from the records, dropped and rebuilt at will. No defaults,
-- no generated values, so that a rebuild gives the same rows.

CREATE TABLE sources (
    seq    BIGINT NOT NULL PRIMARY KEY,
    source {{TEXT}} NOT NULL
);

CREATE TABLE imports (
    seq         BIGINT NOT NULL PRIMARY KEY,
    source      {{TEXT}} NOT NULL,
    accepted    BIGINT NOT NULL,
    quarantined BIGINT NOT NULL
);

CREATE TABLE quarantined (
    seq    BIGINT NOT NULL,
    idx    BIGINT NOT NULL,
    source {{TEXT}} NOT NULL,
    file   {{BYTES}} NOT NULL,
    line   BIGINT NOT NULL,
    reason {{BYTES}} NOT NULL,
    raw    {{BYTES}} NOT NULL,
    PRIMARY KEY (seq, idx)
);

CREATE INDEX quarantined_source ON quarantined (source, seq, idx);

CREATE TABLE agreements (
    seq       BIGINT NOT NULL PRIMARY KEY,
    agreement {{TEXT}} NOT NULL,
    version   {{TEXT}} NOT NULL
);

-- Every revision of events and incidents; their own tables hold the current one.
CREATE TABLE revisions (
    kind     {{TEXT}} NOT NULL,
    id       {{BYTES}} NOT NULL,
    revision BIGINT NOT NULL,
    seq      BIGINT NOT NULL,
    PRIMARY KEY (kind, id, revision)
);

CREATE UNIQUE INDEX revisions_seq ON revisions (seq);

CREATE TABLE events (
    id       {{BYTES}} NOT NULL PRIMARY KEY,
    seq      BIGINT NOT NULL,
    revision BIGINT NOT NULL,
    kind     {{TEXT}} NOT NULL,
    t_from   BIGINT NOT NULL,
    t_to     BIGINT NOT NULL
);

CREATE INDEX events_time ON events (t_from, id);

CREATE TABLE supports (
    event       {{BYTES}} NOT NULL,
    observation {{BYTES}} NOT NULL,
    PRIMARY KEY (event, observation)
);

CREATE INDEX supports_observation ON supports (observation);

CREATE TABLE incidents (
    id         {{BYTES}} NOT NULL PRIMARY KEY,
    seq        BIGINT NOT NULL,
    revision   BIGINT NOT NULL,
    number     {{TEXT}} NOT NULL,
    t_from     BIGINT NOT NULL,
    t_to       BIGINT NOT NULL,
    area       {{TEXT}} NOT NULL,
    occurrence {{TEXT}} NOT NULL,
    act        {{TEXT}} NOT NULL,
    replaced   BIGINT NOT NULL,
    evaluation BIGINT NOT NULL
);

CREATE UNIQUE INDEX incidents_number ON incidents (number);

CREATE INDEX incidents_time ON incidents (t_from, id);

CREATE INDEX incidents_area ON incidents (area, t_from, id);

CREATE INDEX incidents_occurrence ON incidents (occurrence, t_from, id);

CREATE INDEX incidents_act ON incidents (act, t_from, id);

CREATE TABLE incident_labels (
    incident {{BYTES}} NOT NULL,
    label    {{TEXT}} NOT NULL,
    PRIMARY KEY (incident, label)
);

CREATE INDEX incident_labels_label ON incident_labels (label, incident);

CREATE TABLE evaluations (
    seq       BIGINT NOT NULL PRIMARY KEY,
    incident  {{BYTES}} NOT NULL,
    revision  BIGINT NOT NULL,
    agreement {{TEXT}} NOT NULL,
    version   {{TEXT}} NOT NULL
);

CREATE INDEX evaluations_incident ON evaluations (incident, revision, seq);

CREATE INDEX evaluations_version ON evaluations (version, incident);

-- The findings of the evaluation that stands for each incident now.
CREATE TABLE findings (
    incident {{BYTES}} NOT NULL,
    rule     {{TEXT}} NOT NULL,
    verdict  {{TEXT}} NOT NULL,
    reason   {{TEXT}} NOT NULL,
    p        DOUBLE PRECISION NOT NULL,
    unit     {{TEXT}} NOT NULL,
    counted  BIGINT NOT NULL,
    PRIMARY KEY (incident, rule)
);

-- Most findings say that a rule does not speak of the incident; nobody looks for them.
CREATE INDEX findings_rule ON findings (rule, verdict, incident) WHERE verdict <> 'outside_scope';

CREATE INDEX findings_verdict ON findings (verdict, incident) WHERE verdict <> 'outside_scope';

CREATE TABLE bulletins (
    seq     BIGINT NOT NULL PRIMARY KEY,
    number  {{TEXT}} NOT NULL,
    edition {{TEXT}} NOT NULL,
    kind    {{TEXT}} NOT NULL,
    day     {{TEXT}} NOT NULL,
    version BIGINT NOT NULL
);

CREATE UNIQUE INDEX bulletins_number ON bulletins (number, edition);

CREATE INDEX bulletins_day ON bulletins (kind, day, edition, version);

CREATE TABLE watermarks (
    name {{TEXT}} NOT NULL PRIMARY KEY,
    seq  BIGINT NOT NULL,
    mark BIGINT NOT NULL
);

CREATE TABLE retentions (
    seq BIGINT NOT NULL PRIMARY KEY,
    day {{TEXT}} NOT NULL
);

CREATE TABLE erasures (
    erased BIGINT NOT NULL PRIMARY KEY,
    seq    BIGINT NOT NULL
);
