-- That somebody acts for a patient, noted at the desk: what they are to them and which kinds of
-- document showed it, sealed. Never who it is, nor what stands in a document.
CREATE TABLE proxies (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    patient_id  BLOB NOT NULL REFERENCES patients (id),
    sealed      BLOB NOT NULL,
    noted_by    BLOB NOT NULL REFERENCES staff (id),
    noted_at    INTEGER NOT NULL,
    ended_by    BLOB REFERENCES staff (id),
    ended_at    INTEGER,
    key_id  BLOB GENERATED ALWAYS AS (substr(sealed, 2, 2)) VIRTUAL REFERENCES keys (id)
) STRICT, WITHOUT ROWID;

-- One of a patient holds at a time.
CREATE UNIQUE INDEX proxies_open ON proxies (patient_id) WHERE ended_at IS NULL;

CREATE TRIGGER proxies_end_once
BEFORE UPDATE OF id, patient_id, noted_by, noted_at, ended_by, ended_at ON proxies
WHEN old.ended_at IS NOT NULL OR new.id IS NOT old.id
  OR new.patient_id IS NOT old.patient_id OR new.noted_by IS NOT old.noted_by
  OR new.noted_at IS NOT old.noted_at
BEGIN
    SELECT RAISE(ABORT, 'what was noted of a proxy stays, and ends once');
END;

CREATE TRIGGER proxies_are_kept BEFORE DELETE ON proxies
BEGIN
    SELECT RAISE(ABORT, 'what was noted of a proxy stays, and ends once');
END;
