-- The steps of notifications. t_from and t_to are the hours a step names: those of the
-- activity as given, or twice the new end of an extension; 0 for the other steps.

CREATE TABLE notifications (
    seq    BIGINT NOT NULL PRIMARY KEY,
    number {{TEXT}} NOT NULL,
    step   {{TEXT}} NOT NULL,
    t_from BIGINT NOT NULL,
    t_to   BIGINT NOT NULL
);

CREATE INDEX notifications_number ON notifications (number, seq);

CREATE UNIQUE INDEX notifications_given ON notifications (number) WHERE step = 'given';
