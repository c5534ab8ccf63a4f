-- What waits for people in the cases, folded from their steps, so that it is found by
-- office without opening every case. A row goes when its passage or clock has ended.

-- One row a gate of each passage that is proposed. signed is who has signed it, "" nobody.
CREATE TABLE case_gates (
    case_id    {{BYTES}} NOT NULL,
    tier       {{TEXT}} NOT NULL,
    down       BIGINT NOT NULL,
    target     {{TEXT}} NOT NULL,
    path       {{TEXT}} NOT NULL,
    gate       BIGINT NOT NULL,
    office     {{TEXT}} NOT NULL,
    ranked     BIGINT NOT NULL,
    proposed   BIGINT NOT NULL,
    signed     {{TEXT}} NOT NULL,
    signed_for {{TEXT}} NOT NULL,
    PRIMARY KEY (case_id, tier, down, target, path, gate)
);

CREATE INDEX case_gates_office ON case_gates (office, ranked, proposed) WHERE signed = '';

-- One row a clock that runs or is paused. whose is the party or state it is of, "" of none.
CREATE TABLE case_clocks (
    case_id {{BYTES}} NOT NULL,
    clock   {{TEXT}} NOT NULL,
    whose   {{TEXT}} NOT NULL,
    round   BIGINT NOT NULL,
    owner   {{TEXT}} NOT NULL,
    due     BIGINT NOT NULL,
    PRIMARY KEY (case_id, clock, whose, round)
);

CREATE INDEX case_clocks_owner ON case_clocks (owner, whose, due);
