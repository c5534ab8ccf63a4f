-- The version of the agreement that a case was opened under.
CREATE TABLE case_terms (
    case_id {{BYTES}} NOT NULL PRIMARY KEY,
    version {{TEXT}} NOT NULL
);
