-- Providers who can invite patients as connections. `sealed` is the name, `features` are the
-- names of what they use of the portal, and `key_digest` is of the key of their practice's
-- system. Whoever was retired has none, for good.
CREATE TABLE providers (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    sealed      BLOB NOT NULL,
    features    TEXT NOT NULL,
    key_digest  BLOB UNIQUE CHECK (length(key_digest) = 32),
    created_at  INTEGER NOT NULL,
    retired_at  INTEGER,
    key_id  BLOB GENERATED ALWAYS AS (substr(sealed, 2, 2)) VIRTUAL REFERENCES keys (id),
    CHECK (retired_at IS NULL OR key_digest IS NULL)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER providers_stay_retired BEFORE UPDATE OF retired_at, key_digest ON providers
WHEN old.retired_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a provider that was retired stays so');
END;

-- Who has invited whom, and what came of it. `invited_at` is when it was asked for.
CREATE TABLE connections (
    id           BLOB PRIMARY KEY CHECK (length(id) = 16),
    provider_id  BLOB NOT NULL REFERENCES providers (id),
    account_id   BLOB NOT NULL REFERENCES accounts (id),
    state        TEXT NOT NULL
        CHECK (state IN ('invited', 'accepted', 'declined', 'withdrawn', 'ended')),
    invited_at   INTEGER NOT NULL,
    accepted_at  INTEGER,
    ended_at     INTEGER,
    CHECK ((ended_at IS NULL) = (state IN ('invited', 'accepted'))),
    CHECK (state <> 'accepted' OR accepted_at IS NOT NULL),
    CHECK (accepted_at IS NULL OR state IN ('accepted', 'ended'))
) STRICT, WITHOUT ROWID;

CREATE INDEX connections_account ON connections (account_id, provider_id);
CREATE INDEX connections_provider ON connections (provider_id) WHERE ended_at IS NULL;

-- A provider and an account have one connection at a time.
CREATE UNIQUE INDEX connections_open ON connections (account_id, provider_id)
WHERE ended_at IS NULL;

CREATE TRIGGER connections_stay_ended BEFORE UPDATE ON connections
WHEN old.ended_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a connection that has ended stays so');
END;

CREATE TRIGGER connections_only_go_on BEFORE UPDATE ON connections
WHEN new.id IS NOT old.id OR new.provider_id IS NOT old.provider_id
  OR new.account_id IS NOT old.account_id OR new.invited_at IS NOT old.invited_at
  OR (old.accepted_at IS NOT NULL AND new.accepted_at IS NOT old.accepted_at)
BEGIN
    SELECT RAISE(ABORT, 'a connection stays as it began');
END;

-- When the newest withdrawal was asked for that has found nothing to end, of a provider and an
-- account: no older wish comes about after it.
CREATE TABLE withdrawals (
    provider_id  BLOB NOT NULL REFERENCES providers (id),
    account_id   BLOB NOT NULL REFERENCES accounts (id),
    asked_at     INTEGER NOT NULL,
    PRIMARY KEY (provider_id, account_id)
) STRICT, WITHOUT ROWID;

-- What the systems of practices ask for waits in a queue of its own.
CREATE TABLE outbox_of_now (
    id          BLOB PRIMARY KEY CHECK (length(id) = 16),
    lane        TEXT NOT NULL CHECK (lane IN ('email', 'phone', 'practice')),
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

INSERT INTO outbox_of_now
    (id, lane, sealed, created_at, not_after, next_at, attempts, charged_at, fate, done_at, report,
     cause)
SELECT id, lane, sealed, created_at, not_after, next_at, attempts, charged_at, fate, done_at, report,
    cause
FROM outbox;
DROP TABLE outbox;
ALTER TABLE outbox_of_now RENAME TO outbox;

CREATE INDEX outbox_pending ON outbox (lane, next_at) WHERE fate IS NULL;
CREATE INDEX outbox_dead ON outbox (not_after) WHERE fate = 'dead';
