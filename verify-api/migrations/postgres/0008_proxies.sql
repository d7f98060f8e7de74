-- That somebody acts for a patient, noted at the desk: what they are to them and which kinds of
-- document showed it, sealed. Never who it is, nor what stands in a document.
CREATE TABLE proxies (
    id          BYTEA PRIMARY KEY CHECK (length(id) = 16),
    patient_id  BYTEA NOT NULL REFERENCES patients (id),
    sealed      BYTEA NOT NULL,
    noted_by    BYTEA NOT NULL REFERENCES staff (id),
    noted_at    BIGINT NOT NULL,
    ended_by    BYTEA REFERENCES staff (id),
    ended_at    BIGINT,
    key_id  BYTEA GENERATED ALWAYS AS (substr(sealed, 2, 2)) STORED REFERENCES keys (id)
);

-- One of a patient holds at a time.
CREATE UNIQUE INDEX proxies_open ON proxies (patient_id) WHERE ended_at IS NULL;

CREATE TRIGGER proxies_end_once
BEFORE UPDATE OF id, patient_id, noted_by, noted_at, ended_by, ended_at ON proxies FOR EACH ROW
WHEN (old.ended_at IS NOT NULL OR new.id <> old.id
    OR new.patient_id <> old.patient_id OR new.noted_by <> old.noted_by
    OR new.noted_at <> old.noted_at)
EXECUTE FUNCTION refuse('what was noted of a proxy stays, and ends once');

CREATE TRIGGER proxies_are_kept BEFORE DELETE ON proxies FOR EACH ROW
EXECUTE FUNCTION refuse('what was noted of a proxy stays, and ends once');
