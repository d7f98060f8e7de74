-- Staff sign in with a password and a code of their authenticator app (RFC 6238).
ALTER TABLE staff ADD COLUMN role TEXT NOT NULL DEFAULT 'front-desk'
    CHECK (role IN ('front-desk', 'manager', 'auditor'));
ALTER TABLE staff ADD COLUMN disabled_at BIGINT;

-- What a staff user signs in with, once they have set it up. `sealed` is the secret of their
-- app; `used_step` is the newest step of time of which a code was used.
CREATE TABLE staff_credentials (
    id         BYTEA PRIMARY KEY REFERENCES staff (id),
    password   TEXT NOT NULL,
    sealed     BYTEA NOT NULL,
    used_step  BIGINT NOT NULL,
    key_id  BYTEA GENERATED ALWAYS AS (substr(sealed, 2, 2)) STORED REFERENCES keys (id)
);

CREATE TRIGGER staff_codes_are_used_once BEFORE UPDATE OF used_step ON staff_credentials
FOR EACH ROW WHEN (new.used_step <= old.used_step)
EXECUTE FUNCTION refuse('a code is used once');

-- Links by which staff set up what they sign in with.
CREATE TABLE staff_links (
    token_digest  BYTEA PRIMARY KEY,
    staff_id      BYTEA NOT NULL REFERENCES staff (id),
    expires_at    BIGINT NOT NULL,
    spent_at      BIGINT
);

CREATE INDEX staff_links_staff ON staff_links (staff_id);

CREATE TRIGGER staff_links_are_spent_once BEFORE UPDATE ON staff_links FOR EACH ROW
WHEN (old.spent_at IS NOT NULL)
EXECUTE FUNCTION refuse('a link is spent once');

-- Who of the staff is signed in. Without credentials nobody is.
CREATE TABLE staff_sessions (
    token_digest  BYTEA PRIMARY KEY,
    staff_id      BYTEA NOT NULL REFERENCES staff_credentials (id) ON DELETE CASCADE,
    begun_at      BIGINT NOT NULL,
    seen_at       BIGINT NOT NULL,
    expires_at    BIGINT NOT NULL
);

CREATE INDEX staff_sessions_staff ON staff_sessions (staff_id);
CREATE INDEX staff_sessions_expiry ON staff_sessions (expires_at);

CREATE TRIGGER staff_sessions_only_are_seen
BEFORE UPDATE OF token_digest, staff_id, begun_at, expires_at ON staff_sessions FOR EACH ROW
EXECUTE FUNCTION refuse('a session stays as it began');
