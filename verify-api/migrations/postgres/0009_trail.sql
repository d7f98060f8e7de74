-- By what auditors search the trail: who did it, and what it was. Lines that only an import
-- writes, of which there are as many as patients, cost neither: they have no actor, and are
-- found by their time.
CREATE INDEX audit_actor ON audit (actor, at, seq) WHERE actor IS NOT NULL;
CREATE INDEX audit_event ON audit (event, at, seq) WHERE event <> 'patient-imported';

-- Of lines of one time, the number says which is newer.
CREATE INDEX audit_at_seq ON audit (at, seq);
DROP INDEX audit_at;

-- All accounts of a patient, those that were closed too.
CREATE INDEX accounts_of_patient ON accounts (patient_id);
