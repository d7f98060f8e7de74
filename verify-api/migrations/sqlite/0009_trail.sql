-- By what auditors search the trail: who did it, and what it was. Lines that only an import
-- writes, of which there are as many as patients, cost neither: they have no actor, and are
-- found by their time.
CREATE INDEX audit_actor ON audit (actor, at) WHERE actor IS NOT NULL;
CREATE INDEX audit_event ON audit (event, at) WHERE event <> 'patient-imported';

-- All accounts of a patient, those that were closed too.
CREATE INDEX accounts_of_patient ON accounts (patient_id);
