-- Times are milliseconds since 1970 in UTC. Ids are 16 random bytes.
-- `*_key` and `*_digest` are keyed hashes; `sealed` is encrypted and bound to its row.

-- The keys of this database, wrapped by the master key. 0 is the root of all keyed
-- hashes; the newest of the others seals, and an older one goes once no record needs it.
CREATE TABLE keys (
    id          BLOB PRIMARY KEY CHECK (length(id) = 2),
    wrapped     BLOB NOT NULL,
    created_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- `key_id` is the number of the key that the record itself names.
CREATE TABLE patients (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    source_key  BLOB NOT NULL UNIQUE,
    sealed      BLOB NOT NULL,
    updated_at  INTEGER NOT NULL,
    key_id  BLOB GENERATED ALWAYS AS (substr(sealed, 2, 2)) VIRTUAL REFERENCES keys (id)
) STRICT, WITHOUT ROWID;

CREATE TABLE staff (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    email_key   BLOB NOT NULL UNIQUE,
    sealed      BLOB NOT NULL,
    created_at  INTEGER NOT NULL,
    key_id  BLOB GENERATED ALWAYS AS (substr(sealed, 2, 2)) VIRTUAL REFERENCES keys (id)
) STRICT, WITHOUT ROWID;

-- `*_spent_at` tells when the last try was written down, which is done once.
CREATE TABLE invitations (
    id              BLOB PRIMARY KEY CHECK (length(id) = 16),
    patient_id      BLOB NOT NULL REFERENCES patients (id),
    staff_id        BLOB NOT NULL REFERENCES staff (id),
    code_digest     BLOB NOT NULL UNIQUE,
    mailed_to       BLOB,
    created_at      INTEGER NOT NULL,
    expires_at      INTEGER NOT NULL,
    used_at         INTEGER,
    replaced_at     INTEGER,
    identity_tries  INTEGER NOT NULL DEFAULT 0,
    phone_tries     INTEGER NOT NULL DEFAULT 0,
    identity_spent_at  INTEGER,
    phone_spent_at     INTEGER,
    key_id  BLOB GENERATED ALWAYS AS (substr(mailed_to, 2, 2)) VIRTUAL REFERENCES keys (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX invitations_patient ON invitations (patient_id);

-- One invitation of a patient is open at a time.
CREATE UNIQUE INDEX invitations_open ON invitations (patient_id)
WHERE used_at IS NULL AND replaced_at IS NULL;

CREATE TRIGGER invitations_are_used_once BEFORE UPDATE OF used_at, replaced_at ON invitations
WHEN old.used_at IS NOT NULL OR old.replaced_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'an invitation that has ended stays so');
END;

-- `password_no` counts the passwords that an account has had: what followed from an
-- earlier one is told by it. The same password in a stronger form is no other one.
CREATE TABLE accounts (
    id            BLOB PRIMARY KEY CHECK (length(id) = 16),
    patient_id    BLOB NOT NULL UNIQUE REFERENCES patients (id),
    username_key  BLOB NOT NULL UNIQUE,
    email_key     BLOB NOT NULL,
    sealed        BLOB NOT NULL,
    password      TEXT NOT NULL,
    password_no   INTEGER NOT NULL DEFAULT 0,
    created_at    INTEGER NOT NULL,
    key_id  BLOB GENERATED ALWAYS AS (substr(sealed, 2, 2)) VIRTUAL REFERENCES keys (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX accounts_email ON accounts (email_key);

-- A username cannot be changed.
CREATE TRIGGER accounts_username_is_immutable
BEFORE UPDATE OF id, patient_id, username_key ON accounts
WHEN new.username_key IS NOT old.username_key
  OR new.patient_id IS NOT old.patient_id
  OR new.id IS NOT old.id
BEGIN
    SELECT RAISE(ABORT, 'a username cannot be changed');
END;

-- `INSERT OR REPLACE` removes what is in its way and asks no other trigger.
CREATE TRIGGER accounts_are_not_replaced BEFORE INSERT ON accounts
WHEN EXISTS (SELECT 1 FROM accounts WHERE id = new.id)
BEGIN
    SELECT RAISE(ABORT, 'an account is made once');
END;

CREATE TRIGGER accounts_patient_is_not_replaced BEFORE INSERT ON accounts
WHEN EXISTS (SELECT 1 FROM accounts WHERE patient_id = new.patient_id)
BEGIN
    SELECT RAISE(ABORT, 'taken: accounts.patient_id');
END;

CREATE TRIGGER accounts_username_is_not_replaced BEFORE INSERT ON accounts
WHEN EXISTS (SELECT 1 FROM accounts WHERE username_key = new.username_key)
BEGIN
    SELECT RAISE(ABORT, 'taken: accounts.username_key');
END;

CREATE TABLE flows (
    id            BLOB PRIMARY KEY CHECK (length(id) = 16),
    token_digest  BLOB NOT NULL UNIQUE,
    subject_key   BLOB,
    sealed        BLOB NOT NULL,
    version       INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL,
    ended_at      INTEGER,
    key_id  BLOB GENERATED ALWAYS AS (substr(sealed, 2, 2)) VIRTUAL REFERENCES keys (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX flows_subject ON flows (subject_key) WHERE subject_key IS NOT NULL;
CREATE INDEX flows_expiry ON flows (expires_at);

-- The newest code of a flow for one purpose. A new code keeps the tries. The patient or
-- account is the one whom the code is for, once known.
CREATE TABLE challenges (
    flow_id      BLOB NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    purpose      TEXT NOT NULL,
    job_id       BLOB NOT NULL,
    code_digest  BLOB,
    account_id   BLOB,
    patient_id   BLOB,
    tries        INTEGER NOT NULL DEFAULT 0,
    expires_at   INTEGER NOT NULL,
    spent_at     INTEGER,
    PRIMARY KEY (flow_id, purpose)
) STRICT, WITHOUT ROWID;

CREATE INDEX challenges_job ON challenges (job_id);
CREATE INDEX challenges_account ON challenges (account_id) WHERE account_id IS NOT NULL;

CREATE TRIGGER challenges_are_spent_once BEFORE UPDATE ON challenges
WHEN old.spent_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a code is spent once');
END;

CREATE TRIGGER challenges_forget_no_try BEFORE UPDATE OF tries ON challenges
WHEN new.tries < old.tries
BEGIN
    SELECT RAISE(ABORT, 'a try stays counted');
END;

CREATE TABLE reveals (
    token_digest  BLOB PRIMARY KEY,
    account_id    BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at    INTEGER NOT NULL,
    spent_at      INTEGER
) STRICT, WITHOUT ROWID;

CREATE TRIGGER reveals_are_spent_once BEFORE UPDATE ON reveals
WHEN old.spent_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a link is spent once');
END;

-- Links past the code of a reset, for the reader of an account's email.
CREATE TABLE reset_links (
    token_digest  BLOB PRIMARY KEY,
    account_id    BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at    INTEGER NOT NULL,
    spent_at      INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX reset_links_account ON reset_links (account_id);

CREATE TRIGGER reset_links_are_spent_once BEFORE UPDATE ON reset_links
WHEN old.spent_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a link is spent once');
END;

-- Who is signed in. A session that was ended is gone.
CREATE TABLE sessions (
    token_digest  BLOB PRIMARY KEY,
    account_id    BLOB NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    begun_at      INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- A session belongs to whom it was begun for, and its end is not put off.
CREATE TRIGGER sessions_only_are_seen
BEFORE UPDATE OF token_digest, account_id, begun_at, expires_at ON sessions
BEGIN
    SELECT RAISE(ABORT, 'a session stays as it began');
END;

-- Messages to be sent. A row that is done keeps its fate and loses its content.
-- What was given up keeps its content while it could still be of use. `charged_at`
-- tells when it was taken from the budgets of what leaves; `report` is what a provider
-- told afterwards, if one did; `cause` is why the last try failed.
CREATE TABLE outbox (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    lane        TEXT NOT NULL CHECK (lane IN ('email', 'phone')),
    sealed      BLOB,
    created_at  INTEGER NOT NULL,
    not_after   INTEGER NOT NULL,
    next_at     INTEGER NOT NULL,
    attempts    INTEGER NOT NULL DEFAULT 0,
    charged_at  INTEGER,
    fate        TEXT CHECK (fate IN ('sent', 'nothing-to-send', 'too-late', 'over-budget', 'dead')),
    done_at     INTEGER,
    report      TEXT CHECK (report IN ('delivered', 'undelivered')),
    cause       TEXT,
    key_id  BLOB GENERATED ALWAYS AS (substr(sealed, 2, 2)) VIRTUAL REFERENCES keys (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX outbox_pending ON outbox (lane, next_at) WHERE fate IS NULL;
CREATE INDEX outbox_dead ON outbox (not_after) WHERE fate = 'dead';

-- Budgets by the keyed hash of whose they are: when all that was taken will have grown back.
CREATE TABLE budgets (
    key       BLOB PRIMARY KEY CHECK (length(key) = 32),
    whole_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Wrong codes, or wrong passwords, in a row, by the keyed hash of whom they are about.
CREATE TABLE ladders (
    subject_key  BLOB PRIMARY KEY CHECK (length(subject_key) = 32),
    failures     INTEGER NOT NULL,
    wait_until   INTEGER NOT NULL,
    last_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Each line carries a link: a keyed hash of itself and of the line before it.
CREATE TABLE audit (
    seq      INTEGER PRIMARY KEY,
    at       INTEGER NOT NULL,
    event    TEXT NOT NULL,
    subject  BLOB NOT NULL CHECK (length(subject) = 16),
    actor    BLOB CHECK (length(actor) = 16),
    link     BLOB NOT NULL CHECK (length(link) = 32)
) STRICT;

CREATE INDEX audit_at ON audit (at);

-- What the first line that is kept follows, vouched for by `start_mark`, and the newest line.
-- Made with the first keys, and for good.
CREATE TABLE audit_ends (
    one  INTEGER PRIMARY KEY CHECK (one = 1),
    start_seq   INTEGER NOT NULL,
    start_link  BLOB NOT NULL,
    start_mark  BLOB NOT NULL,
    seq         INTEGER NOT NULL,
    link        BLOB NOT NULL
) STRICT;

CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit
BEGIN
    SELECT RAISE(ABORT, 'the audit trail cannot be changed');
END;

-- The oldest lines go once `start_seq` has moved past them.
CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit
WHEN old.seq > coalesce((SELECT start_seq FROM audit_ends), 0)
BEGIN
    SELECT RAISE(ABORT, 'the audit trail cannot be shortened');
END;

CREATE TRIGGER audit_is_append_only_insert BEFORE INSERT ON audit
WHEN new.seq <= coalesce((SELECT seq FROM audit_ends), new.seq)
BEGIN
    SELECT RAISE(ABORT, 'the audit trail only grows');
END;

CREATE TRIGGER audit_ends_are_made_once BEFORE INSERT ON audit_ends
WHEN EXISTS (SELECT 1 FROM keys) OR EXISTS (SELECT 1 FROM audit)
  OR EXISTS (SELECT 1 FROM audit_ends)
BEGIN
    SELECT RAISE(ABORT, 'the ends of the audit trail are made with the first keys');
END;

CREATE TRIGGER audit_ends_only_move_on BEFORE UPDATE ON audit_ends
WHEN new.one IS NOT old.one OR new.seq < old.seq OR new.start_seq < old.start_seq
  OR new.start_seq > new.seq
BEGIN
    SELECT RAISE(ABORT, 'the ends of the audit trail only move on');
END;

CREATE TRIGGER audit_ends_stay BEFORE DELETE ON audit_ends
BEGIN
    SELECT RAISE(ABORT, 'the ends of the audit trail stay');
END;
