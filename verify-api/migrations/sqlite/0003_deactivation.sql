-- An account that its owner has deactivated. Its row stays, so that nobody else gets the
-- username; what it held about the owner is gone. The same patient may have another one.
-- (SQLite adds no such rule to a table that is there. The one who runs this has switched
-- foreign keys off: else sessions and links would go with the old table.)
CREATE TABLE accounts_of_now (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    patient_id      BLOB NOT NULL REFERENCES patients (id),
    username_key    BLOB NOT NULL UNIQUE,
    email_key       BLOB,
    sealed          BLOB,
    password        TEXT,
    password_no     INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    deactivated_at  INTEGER,
    key_id  BLOB GENERATED ALWAYS AS (substr(sealed, 2, 2)) VIRTUAL REFERENCES keys (id),
    CHECK ((email_key IS NULL) = (deactivated_at IS NOT NULL)),
    CHECK ((sealed IS NULL) = (deactivated_at IS NOT NULL)),
    CHECK ((password IS NULL) = (deactivated_at IS NOT NULL))
) STRICT, WITHOUT ROWID;

INSERT INTO accounts_of_now
    (id, patient_id, username_key, email_key, sealed, password, password_no, created_at)
SELECT id, patient_id, username_key, email_key, sealed, password, password_no, created_at
FROM accounts;

DROP TABLE accounts;
ALTER TABLE accounts_of_now RENAME TO accounts;

CREATE INDEX accounts_email ON accounts (email_key);

CREATE UNIQUE INDEX accounts_patient_id ON accounts (patient_id) WHERE deactivated_at IS NULL;

-- A username cannot be changed.
CREATE TRIGGER accounts_username_is_immutable
BEFORE UPDATE OF id, patient_id, username_key ON accounts
WHEN new.username_key IS NOT old.username_key
  OR new.patient_id IS NOT old.patient_id
  OR new.id IS NOT old.id
BEGIN
    SELECT RAISE(ABORT, 'a username cannot be changed');
END;

CREATE TRIGGER accounts_stay_deactivated BEFORE UPDATE ON accounts
WHEN old.deactivated_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'an account that was deactivated stays so');
END;

CREATE TRIGGER accounts_keep_the_username BEFORE DELETE ON accounts
WHEN old.deactivated_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'an account that was deactivated stays so');
END;

-- `INSERT OR REPLACE` removes what is in its way and asks no other trigger.
CREATE TRIGGER accounts_are_not_replaced BEFORE INSERT ON accounts
WHEN EXISTS (SELECT 1 FROM accounts WHERE id = new.id)
BEGIN
    SELECT RAISE(ABORT, 'an account is made once');
END;

CREATE TRIGGER accounts_patient_is_not_replaced BEFORE INSERT ON accounts
WHEN EXISTS (SELECT 1 FROM accounts
             WHERE patient_id = new.patient_id AND deactivated_at IS NULL)
BEGIN
    SELECT RAISE(ABORT, 'taken: accounts.patient_id');
END;

CREATE TRIGGER accounts_username_is_not_replaced BEFORE INSERT ON accounts
WHEN EXISTS (SELECT 1 FROM accounts WHERE username_key = new.username_key)
BEGIN
    SELECT RAISE(ABORT, 'taken: accounts.username_key');
END;

-- The email that a link was mailed to: it works as long as the account has that one.
ALTER TABLE reveals ADD COLUMN email_key BLOB;
ALTER TABLE reset_links ADD COLUMN email_key BLOB;
UPDATE reveals SET email_key = (SELECT email_key FROM accounts WHERE id = account_id)
WHERE spent_at IS NULL;
UPDATE reset_links SET email_key = (SELECT email_key FROM accounts WHERE id = account_id)
WHERE spent_at IS NULL;
