-- By what a patient is looked up: keyed hashes, cut short, of the birth date, and of it
-- together with a form of the name. Who was born on one day stands together.
-- The id of a patient who is new from here on begins with 6 bytes of time, and 10 are random.
CREATE TABLE patient_lookups (
    birth_key   BLOB NOT NULL CHECK (length(birth_key) = 8),
    name_key    BLOB NOT NULL CHECK (length(name_key) = 8),
    patient_id  BLOB NOT NULL REFERENCES patients (id),
    PRIMARY KEY (birth_key, name_key, patient_id)
) STRICT, WITHOUT ROWID;

-- Whether that was written for a record. It takes a key, which no migration has, so for
-- records of before this table a server does it.
ALTER TABLE patients ADD COLUMN is_listed INTEGER NOT NULL DEFAULT 0 CHECK (is_listed IN (0, 1));

CREATE INDEX patients_unlisted ON patients (id) WHERE is_listed = 0;
