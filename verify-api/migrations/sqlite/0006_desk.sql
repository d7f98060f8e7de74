-- Patients who stand at the desk: who of the staff is with them, and which kinds of document
-- were seen, by their names. Never what stands in one.
CREATE TABLE staff_visits (
    token_digest  BLOB PRIMARY KEY,
    staff_id      BLOB NOT NULL REFERENCES staff (id),
    patient_id    BLOB NOT NULL REFERENCES patients (id),
    begun_at      INTEGER NOT NULL,
    checked_at    INTEGER,
    documents     TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX staff_visits_begun ON staff_visits (begun_at);

CREATE TRIGGER staff_visits_are_checked_once BEFORE UPDATE ON staff_visits
WHEN old.checked_at IS NOT NULL OR new.staff_id IS NOT old.staff_id
  OR new.patient_id IS NOT old.patient_id OR new.begun_at IS NOT old.begun_at
BEGIN
    SELECT RAISE(ABORT, 'a visit stays as it began');
END;

-- The message that an invitation went out with, so that the desk sees what became of it.
ALTER TABLE invitations ADD COLUMN job_id BLOB;

CREATE INDEX audit_subject ON audit (subject, seq);
CREATE INDEX challenges_patient ON challenges (patient_id) WHERE patient_id IS NOT NULL;
