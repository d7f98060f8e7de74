-- Providers who can invite patients as connections. `sealed` is the name, `features` are the
-- names of what they use of the portal, and `key_digest` is of the key of their practice's
-- system. Whoever was retired has none, for good.
CREATE TABLE providers (
    id          BYTEA PRIMARY KEY CHECK (length(id) = 16),
    sealed      BYTEA NOT NULL,
    features    TEXT NOT NULL,
    key_digest  BYTEA UNIQUE CHECK (length(key_digest) = 32),
    created_at  BIGINT NOT NULL,
    retired_at  BIGINT,
    key_id  BYTEA GENERATED ALWAYS AS (substr(sealed, 2, 2)) STORED REFERENCES keys (id),
    CHECK (retired_at IS NULL OR key_digest IS NULL)
);

CREATE TRIGGER providers_stay_retired BEFORE UPDATE OF retired_at, key_digest ON providers
FOR EACH ROW WHEN (old.retired_at IS NOT NULL)
EXECUTE FUNCTION refuse('a provider that was retired stays so');

-- Who has invited whom, and what came of it. `invited_at` is when it was asked for.
CREATE TABLE connections (
    id           BYTEA PRIMARY KEY CHECK (length(id) = 16),
    provider_id  BYTEA NOT NULL REFERENCES providers (id),
    account_id   BYTEA NOT NULL REFERENCES accounts (id),
    state        TEXT NOT NULL
        CHECK (state IN ('invited', 'accepted', 'declined', 'withdrawn', 'ended')),
    invited_at   BIGINT NOT NULL,
    accepted_at  BIGINT,
    ended_at     BIGINT,
    CHECK ((ended_at IS NULL) = (state IN ('invited', 'accepted'))),
    CHECK (state <> 'accepted' OR accepted_at IS NOT NULL),
    CHECK (accepted_at IS NULL OR state IN ('accepted', 'ended'))
);

CREATE INDEX connections_account ON connections (account_id, provider_id);
CREATE INDEX connections_provider ON connections (provider_id) WHERE ended_at IS NULL;

-- A provider and an account have one connection at a time.
CREATE UNIQUE INDEX connections_open ON connections (account_id, provider_id)
WHERE ended_at IS NULL;

CREATE TRIGGER connections_stay_ended BEFORE UPDATE ON connections FOR EACH ROW
WHEN (old.ended_at IS NOT NULL)
EXECUTE FUNCTION refuse('a connection that has ended stays so');

CREATE TRIGGER connections_only_go_on BEFORE UPDATE ON connections FOR EACH ROW
WHEN (new.id <> old.id OR new.provider_id <> old.provider_id
    OR new.account_id <> old.account_id OR new.invited_at <> old.invited_at
    OR (old.accepted_at IS NOT NULL AND new.accepted_at IS DISTINCT FROM old.accepted_at))
EXECUTE FUNCTION refuse('a connection stays as it began');

-- When the newest withdrawal was asked for that has found nothing to end, of a provider and an
-- account: no older wish comes about after it.
CREATE TABLE withdrawals (
    provider_id  BYTEA NOT NULL REFERENCES providers (id),
    account_id   BYTEA NOT NULL REFERENCES accounts (id),
    asked_at     BIGINT NOT NULL,
    PRIMARY KEY (provider_id, account_id)
);

-- What the systems of practices ask for waits in a queue of its own.
ALTER TABLE outbox DROP CONSTRAINT outbox_lane_check,
    ADD CONSTRAINT outbox_lane_check CHECK (lane IN ('email', 'phone', 'practice'));
