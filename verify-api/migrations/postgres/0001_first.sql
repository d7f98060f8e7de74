-- Times are milliseconds since 1970 in UTC. Ids are 16 random bytes.
-- `*_key` and `*_digest` are keyed hashes; `sealed` is encrypted and bound to its row.

-- The keys of this database, wrapped by the master key. 0 is the root of all keyed
-- hashes; the newest of the others seals, and an older one goes once no record needs it.
CREATE TABLE keys (
    id          BYTEA PRIMARY KEY CHECK (length(id) = 2),
    wrapped     BYTEA NOT NULL,
    created_at  BIGINT NOT NULL
);

-- `key_id` is the number of the key that the record itself names.
CREATE TABLE patients (
    id          BYTEA PRIMARY KEY CHECK (length(id) = 16),
    source_key  BYTEA NOT NULL UNIQUE,
    sealed      BYTEA NOT NULL,
    updated_at  BIGINT NOT NULL,
    key_id  BYTEA GENERATED ALWAYS AS (substr(sealed, 2, 2)) STORED REFERENCES keys (id)
);

CREATE TABLE staff (
    id          BYTEA PRIMARY KEY CHECK (length(id) = 16),
    email_key   BYTEA NOT NULL UNIQUE,
    sealed      BYTEA NOT NULL,
    created_at  BIGINT NOT NULL,
    key_id  BYTEA GENERATED ALWAYS AS (substr(sealed, 2, 2)) STORED REFERENCES keys (id)
);

-- `*_spent_at` tells when the last try was written down, which is done once.
CREATE TABLE invitations (
    id              BYTEA PRIMARY KEY CHECK (length(id) = 16),
    patient_id      BYTEA NOT NULL REFERENCES patients (id),
    staff_id        BYTEA NOT NULL REFERENCES staff (id),
    code_digest     BYTEA NOT NULL UNIQUE,
    mailed_to       BYTEA,
    created_at      BIGINT NOT NULL,
    expires_at      BIGINT NOT NULL,
    used_at         BIGINT,
    replaced_at     BIGINT,
    identity_tries  BIGINT NOT NULL DEFAULT 0,
    phone_tries     BIGINT NOT NULL DEFAULT 0,
    identity_spent_at  BIGINT,
    phone_spent_at     BIGINT,
    key_id  BYTEA GENERATED ALWAYS AS (substr(mailed_to, 2, 2)) STORED REFERENCES keys (id)
);

CREATE INDEX invitations_patient ON invitations (patient_id);

-- One invitation of a patient is open at a time.
CREATE UNIQUE INDEX invitations_open ON invitations (patient_id)
WHERE used_at IS NULL AND replaced_at IS NULL;

-- `password_no` counts the passwords that an account has had: what followed from an
-- earlier one is told by it. The same password in a stronger form is no other one.
CREATE TABLE accounts (
    id            BYTEA PRIMARY KEY CHECK (length(id) = 16),
    patient_id    BYTEA NOT NULL UNIQUE REFERENCES patients (id),
    username_key  BYTEA NOT NULL UNIQUE,
    email_key     BYTEA NOT NULL,
    sealed        BYTEA NOT NULL,
    password      TEXT NOT NULL,
    password_no   BIGINT NOT NULL DEFAULT 0,
    created_at    BIGINT NOT NULL,
    key_id  BYTEA GENERATED ALWAYS AS (substr(sealed, 2, 2)) STORED REFERENCES keys (id)
);

CREATE INDEX accounts_email ON accounts (email_key);

CREATE TABLE flows (
    id            BYTEA PRIMARY KEY CHECK (length(id) = 16),
    token_digest  BYTEA NOT NULL UNIQUE,
    subject_key   BYTEA,
    sealed        BYTEA NOT NULL,
    version       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL,
    ended_at      BIGINT,
    key_id  BYTEA GENERATED ALWAYS AS (substr(sealed, 2, 2)) STORED REFERENCES keys (id)
);

CREATE INDEX flows_subject ON flows (subject_key) WHERE subject_key IS NOT NULL;
CREATE INDEX flows_expiry ON flows (expires_at);

-- The newest code of a flow for one purpose. A new code keeps the tries. The patient or
-- account is the one whom the code is for, once known.
CREATE TABLE challenges (
    flow_id      BYTEA NOT NULL REFERENCES flows (id) ON DELETE CASCADE,
    purpose      TEXT NOT NULL,
    job_id       BYTEA NOT NULL,
    code_digest  BYTEA,
    account_id   BYTEA,
    patient_id   BYTEA,
    tries        BIGINT NOT NULL DEFAULT 0,
    expires_at   BIGINT NOT NULL,
    spent_at     BIGINT,
    PRIMARY KEY (flow_id, purpose)
);

CREATE INDEX challenges_job ON challenges (job_id);
CREATE INDEX challenges_account ON challenges (account_id) WHERE account_id IS NOT NULL;

CREATE TABLE reveals (
    token_digest  BYTEA PRIMARY KEY,
    account_id    BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at    BIGINT NOT NULL,
    spent_at      BIGINT
);

-- Links past the code of a reset, for the reader of an account's email.
CREATE TABLE reset_links (
    token_digest  BYTEA PRIMARY KEY,
    account_id    BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    expires_at    BIGINT NOT NULL,
    spent_at      BIGINT
);

CREATE INDEX reset_links_account ON reset_links (account_id);

-- Who is signed in. A session that was ended is gone.
CREATE TABLE sessions (
    token_digest  BYTEA PRIMARY KEY,
    account_id    BYTEA NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
    begun_at      BIGINT NOT NULL,
    seen_at       BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);

CREATE INDEX sessions_account ON sessions (account_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

-- Messages to be sent. A row that is done keeps its fate and loses its content.
-- What was given up keeps its content while it could still be of use. `charged_at`
-- tells when it was taken from the budgets of what leaves; `report` is what a provider
-- told afterwards, if one did; `cause` is why the last try failed.
CREATE TABLE outbox (
    id          BYTEA PRIMARY KEY CHECK (length(id) = 16),
    lane        TEXT NOT NULL CHECK (lane IN ('email', 'phone')),
    sealed      BYTEA,
    created_at  BIGINT NOT NULL,
    not_after   BIGINT NOT NULL,
    next_at     BIGINT NOT NULL,
    attempts    BIGINT NOT NULL DEFAULT 0,
    charged_at  BIGINT,
    fate        TEXT CHECK (fate IN ('sent', 'nothing-to-send', 'too-late', 'over-budget', 'dead')),
    done_at     BIGINT,
    report      TEXT CHECK (report IN ('delivered', 'undelivered')),
    cause       TEXT,
    key_id  BYTEA GENERATED ALWAYS AS (substr(sealed, 2, 2)) STORED REFERENCES keys (id)
);

CREATE INDEX outbox_pending ON outbox (lane, next_at, id) WHERE fate IS NULL;
CREATE INDEX outbox_dead ON outbox (not_after) WHERE fate = 'dead';

-- Budgets by the keyed hash of whose they are: when all that was taken will have grown back.
CREATE TABLE budgets (
    key       BYTEA PRIMARY KEY CHECK (length(key) = 32),
    whole_at  BIGINT NOT NULL
);

-- Wrong codes, or wrong passwords, in a row, by the keyed hash of whom they are about.
CREATE TABLE ladders (
    subject_key  BYTEA PRIMARY KEY CHECK (length(subject_key) = 32),
    failures     BIGINT NOT NULL,
    wait_until   BIGINT NOT NULL,
    last_at      BIGINT NOT NULL
);

-- Each line carries a link: a keyed hash of itself and of the line before it.
CREATE TABLE audit (
    seq      BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    event    TEXT NOT NULL,
    subject  BYTEA NOT NULL CHECK (length(subject) = 16),
    actor    BYTEA CHECK (length(actor) = 16),
    link     BYTEA NOT NULL CHECK (length(link) = 32)
);

CREATE INDEX audit_at ON audit (at);

-- What the first line that is kept follows, vouched for by `start_mark`, and the newest line.
-- Made with the first keys, and for good.
CREATE TABLE audit_ends (
    one  SMALLINT PRIMARY KEY CHECK (one = 1),
    start_seq   BIGINT NOT NULL,
    start_link  BYTEA NOT NULL,
    start_mark  BYTEA NOT NULL,
    seq         BIGINT NOT NULL,
    link        BYTEA NOT NULL
);

-- The rules below hold whatever statement comes, ours or another's.

CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation';
END
$$;

CREATE TRIGGER accounts_username_is_immutable BEFORE UPDATE ON accounts FOR EACH ROW
WHEN (new.username_key <> old.username_key OR new.patient_id <> old.patient_id OR new.id <> old.id)
EXECUTE FUNCTION refuse('a username cannot be changed');

CREATE TRIGGER invitations_are_used_once BEFORE UPDATE OF used_at, replaced_at ON invitations
FOR EACH ROW WHEN (old.used_at IS NOT NULL OR old.replaced_at IS NOT NULL)
EXECUTE FUNCTION refuse('an invitation that has ended stays so');

CREATE TRIGGER challenges_are_spent_once BEFORE UPDATE ON challenges FOR EACH ROW
WHEN (old.spent_at IS NOT NULL)
EXECUTE FUNCTION refuse('a code is spent once');

CREATE TRIGGER challenges_forget_no_try BEFORE UPDATE ON challenges FOR EACH ROW
WHEN (new.tries < old.tries)
EXECUTE FUNCTION refuse('a try stays counted');

CREATE TRIGGER reveals_are_spent_once BEFORE UPDATE ON reveals FOR EACH ROW
WHEN (old.spent_at IS NOT NULL)
EXECUTE FUNCTION refuse('a link is spent once');

CREATE TRIGGER reset_links_are_spent_once BEFORE UPDATE ON reset_links FOR EACH ROW
WHEN (old.spent_at IS NOT NULL)
EXECUTE FUNCTION refuse('a link is spent once');

-- A session belongs to whom it was begun for, and its end is not put off.
CREATE TRIGGER sessions_only_are_seen
BEFORE UPDATE OF token_digest, account_id, begun_at, expires_at ON sessions FOR EACH ROW
EXECUTE FUNCTION refuse('a session stays as it began');

CREATE TRIGGER audit_is_append_only_update BEFORE UPDATE ON audit FOR EACH ROW
EXECUTE FUNCTION refuse('the audit trail cannot be changed');

CREATE TRIGGER audit_is_append_only_truncate BEFORE TRUNCATE ON audit FOR EACH STATEMENT
EXECUTE FUNCTION refuse('the audit trail cannot be shortened');

-- The oldest lines go once `start_seq` has moved past them.
CREATE FUNCTION refuse_to_shorten() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.seq > coalesce((SELECT start_seq FROM audit_ends), 0) THEN
        RAISE EXCEPTION 'the audit trail cannot be shortened'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN old;
END
$$;

CREATE TRIGGER audit_is_append_only_delete BEFORE DELETE ON audit FOR EACH ROW
EXECUTE FUNCTION refuse_to_shorten();

CREATE FUNCTION refuse_other_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM keys) OR EXISTS (SELECT 1 FROM audit)
        OR EXISTS (SELECT 1 FROM audit_ends)
    THEN
        RAISE EXCEPTION 'the ends of the audit trail are made with the first keys'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN new;
END
$$;

CREATE TRIGGER audit_ends_are_made_once BEFORE INSERT ON audit_ends FOR EACH ROW
EXECUTE FUNCTION refuse_other_ends();

CREATE TRIGGER audit_ends_only_move_on BEFORE UPDATE ON audit_ends FOR EACH ROW
WHEN (new.one <> old.one OR new.seq < old.seq OR new.start_seq < old.start_seq
    OR new.start_seq > new.seq)
EXECUTE FUNCTION refuse('the ends of the audit trail only move on');

CREATE TRIGGER audit_ends_stay BEFORE DELETE ON audit_ends FOR EACH ROW
EXECUTE FUNCTION refuse('the ends of the audit trail stay');

CREATE TRIGGER audit_ends_stay_truncate BEFORE TRUNCATE ON audit_ends FOR EACH STATEMENT
EXECUTE FUNCTION refuse('the ends of the audit trail stay');
