-- Patients who stand at the desk: who of the staff is with them, and which kinds of document
-- were seen, by their names. Never what stands in one.
CREATE TABLE staff_visits (
    token_digest  BYTEA PRIMARY KEY,
    staff_id      BYTEA NOT NULL REFERENCES staff (id),
    patient_id    BYTEA NOT NULL REFERENCES patients (id),
    begun_at      BIGINT NOT NULL,
    checked_at    BIGINT,
    documents     TEXT
);

CREATE INDEX staff_visits_begun ON staff_visits (begun_at);

CREATE TRIGGER staff_visits_are_checked_once BEFORE UPDATE ON staff_visits FOR EACH ROW
WHEN (old.checked_at IS NOT NULL OR new.staff_id <> old.staff_id
    OR new.patient_id <> old.patient_id OR new.begun_at <> old.begun_at)
EXECUTE FUNCTION refuse('a visit stays as it began');

-- The message that an invitation went out with, so that the desk sees what became of it.
ALTER TABLE invitations ADD COLUMN job_id BYTEA;

CREATE INDEX audit_subject ON audit (subject, seq);
CREATE INDEX challenges_patient ON challenges (patient_id) WHERE patient_id IS NOT NULL;
