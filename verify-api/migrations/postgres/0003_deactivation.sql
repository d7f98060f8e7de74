-- An account that its owner has deactivated. Its row stays, so that nobody else gets the
-- username; what it held about the owner is gone. The same patient may have another one.
ALTER TABLE accounts
    ADD COLUMN deactivated_at BIGINT,
    ALTER COLUMN email_key DROP NOT NULL,
    ALTER COLUMN sealed DROP NOT NULL,
    ALTER COLUMN password DROP NOT NULL,
    DROP CONSTRAINT accounts_patient_id_key,
    ADD CHECK ((email_key IS NULL) = (deactivated_at IS NOT NULL)),
    ADD CHECK ((sealed IS NULL) = (deactivated_at IS NOT NULL)),
    ADD CHECK ((password IS NULL) = (deactivated_at IS NOT NULL));

CREATE UNIQUE INDEX accounts_patient_id ON accounts (patient_id) WHERE deactivated_at IS NULL;

CREATE TRIGGER accounts_stay_deactivated BEFORE UPDATE OR DELETE ON accounts FOR EACH ROW
WHEN (old.deactivated_at IS NOT NULL)
EXECUTE FUNCTION refuse('an account that was deactivated stays so');

CREATE TRIGGER accounts_stay_deactivated_truncate BEFORE TRUNCATE ON accounts FOR EACH STATEMENT
EXECUTE FUNCTION refuse('an account that was deactivated stays so');

-- The email that a link was mailed to: it works as long as the account has that one.
ALTER TABLE reveals ADD COLUMN email_key BYTEA;
ALTER TABLE reset_links ADD COLUMN email_key BYTEA;
UPDATE reveals SET email_key = (SELECT email_key FROM accounts WHERE id = account_id)
WHERE spent_at IS NULL;
UPDATE reset_links SET email_key = (SELECT email_key FROM accounts WHERE id = account_id)
WHERE spent_at IS NULL;
