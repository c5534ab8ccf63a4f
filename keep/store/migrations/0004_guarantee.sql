-- People, promises, cases, alerts and the answers to them, folded from the records. The
-- store copies the fields it is asked by and knows nothing of what they mean.

-- Every record that holds a whole thing; the newest of a subject is the one that stands.
CREATE TABLE versions (
    seq     BIGINT NOT NULL PRIMARY KEY,
    kind    {{TEXT}} NOT NULL,
    subject {{TEXT}} NOT NULL,
    state   {{TEXT}} NOT NULL,
    token   {{TEXT}} NOT NULL,
    newest  BIGINT NOT NULL
);

CREATE INDEX versions_subject ON versions (kind, subject, seq);

CREATE UNIQUE INDEX versions_newest ON versions (kind, subject) WHERE newest = 1;

CREATE INDEX versions_token ON versions (token) WHERE newest = 1 AND token <> '';

CREATE TABLE reviews (
    seq       BIGINT NOT NULL PRIMARY KEY,
    incident  {{BYTES}} NOT NULL,
    rule      {{TEXT}} NOT NULL,
    person    {{TEXT}} NOT NULL,
    outcome   {{TEXT}} NOT NULL,
    withdraws BIGINT NOT NULL
);

CREATE INDEX reviews_incident ON reviews (incident, seq);

CREATE TABLE attributions (
    seq      BIGINT NOT NULL PRIMARY KEY,
    incident {{BYTES}} NOT NULL
);

CREATE INDEX attributions_incident ON attributions (incident, seq);

-- One row a case. year and place are its number for people; summary is JSON.
CREATE TABLE cases (
    id       {{BYTES}} NOT NULL PRIMARY KEY,
    seq      BIGINT NOT NULL,
    steps    BIGINT NOT NULL,
    year     BIGINT NOT NULL,
    place    BIGINT NOT NULL,
    number   {{TEXT}} NOT NULL,
    state    {{TEXT}} NOT NULL,
    tier     BIGINT NOT NULL,
    path     {{TEXT}} NOT NULL,
    active   BIGINT NOT NULL,
    next_due BIGINT NOT NULL,
    summary  {{TEXT}} NOT NULL
);

CREATE UNIQUE INDEX cases_number ON cases (number);

CREATE UNIQUE INDEX cases_year ON cases (year, place);

CREATE INDEX cases_list ON cases (state, tier, active, id);

CREATE INDEX cases_active ON cases (state, active);

CREATE INDEX cases_due ON cases (next_due) WHERE next_due <> 0;

CREATE INDEX cases_seq ON cases (seq);

CREATE TABLE case_areas (
    case_id {{BYTES}} NOT NULL,
    area    {{TEXT}} NOT NULL,
    active  BIGINT NOT NULL,
    PRIMARY KEY (case_id, area)
);

CREATE INDEX case_areas_area ON case_areas (area, active, case_id);

CREATE TABLE case_incidents (
    case_id  {{BYTES}} NOT NULL,
    incident {{BYTES}} NOT NULL,
    PRIMARY KEY (case_id, incident)
);

CREATE INDEX case_incidents_incident ON case_incidents (incident, case_id);

CREATE TABLE wakes (
    subject {{TEXT}} NOT NULL,
    name    {{TEXT}} NOT NULL,
    due     BIGINT NOT NULL,
    seq     BIGINT NOT NULL,
    PRIMARY KEY (subject, name)
);

CREATE INDEX wakes_due ON wakes (due, subject, name);

-- asks is the role that is asked for an answer, least how much of one counts.
CREATE TABLE alerts (
    id       {{BYTES}} NOT NULL PRIMARY KEY,
    seq      BIGINT NOT NULL,
    case_id  {{BYTES}} NOT NULL,
    kind     {{TEXT}} NOT NULL,
    released BIGINT NOT NULL,
    asks     {{TEXT}} NOT NULL,
    least    BIGINT NOT NULL
);

CREATE UNIQUE INDEX alerts_seq ON alerts (seq);

CREATE INDEX alerts_case ON alerts (case_id, seq);

CREATE TABLE alert_recipients (
    alert    {{BYTES}} NOT NULL,
    person   {{TEXT}} NOT NULL,
    role     {{TEXT}} NOT NULL,
    state    {{TEXT}} NOT NULL,
    party    {{TEXT}} NOT NULL,
    contacts BIGINT NOT NULL,
    PRIMARY KEY (alert, person)
);

CREATE INDEX alert_recipients_state ON alert_recipients (state, alert);

CREATE INDEX alert_recipients_party ON alert_recipients (party, alert);

CREATE INDEX alert_recipients_person ON alert_recipients (person, alert);

-- How each alert stands with each recipient: the last step of its delivery.
CREATE TABLE outbox (
    alert   {{BYTES}} NOT NULL,
    person  {{TEXT}} NOT NULL,
    contact BIGINT NOT NULL,
    channel {{TEXT}} NOT NULL,
    attempt BIGINT NOT NULL,
    state   {{TEXT}} NOT NULL,
    made    BIGINT NOT NULL,
    due     BIGINT NOT NULL,
    over    BIGINT NOT NULL,
    PRIMARY KEY (alert, person)
);

CREATE INDEX outbox_due ON outbox (due, alert, person) WHERE over = 0;

CREATE TABLE deliveries (
    seq   BIGINT NOT NULL PRIMARY KEY,
    alert {{BYTES}} NOT NULL
);

CREATE INDEX deliveries_alert ON deliveries (alert, seq);

CREATE TABLE acknowledgements (
    seq      BIGINT NOT NULL PRIMARY KEY,
    alert    {{BYTES}} NOT NULL,
    case_id  {{BYTES}} NOT NULL,
    role     {{TEXT}} NOT NULL,
    state    {{TEXT}} NOT NULL,
    party    {{TEXT}} NOT NULL,
    person   {{TEXT}} NOT NULL,
    kind     {{TEXT}} NOT NULL,
    strength BIGINT NOT NULL,
    made     BIGINT NOT NULL
);

CREATE INDEX acknowledgements_alert ON acknowledgements (alert, state, role, strength);

CREATE INDEX acknowledgements_case ON acknowledgements (case_id, seq);

CREATE INDEX acknowledgements_state ON acknowledgements (state, seq);
