-- Staff sign in with a password and a code of their authenticator app (RFC 6238).
ALTER TABLE staff ADD COLUMN role TEXT NOT NULL DEFAULT 'front-desk'
    CHECK (role IN ('front-desk', 'manager', 'auditor'));
ALTER TABLE staff ADD COLUMN disabled_at INTEGER;

-- What a staff user signs in with, once they have set it up. `sealed` is the secret of their
-- app; `used_step` is the newest step of time of which a code was used.
CREATE TABLE staff_credentials (
    id         BLOB PRIMARY KEY REFERENCES staff (id),
    password   TEXT NOT NULL,
    sealed     BLOB NOT NULL,
    used_step  INTEGER NOT NULL,
    key_id  BLOB GENERATED ALWAYS AS (substr(sealed, 2, 2)) VIRTUAL REFERENCES keys (id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER staff_codes_are_used_once BEFORE UPDATE OF used_step ON staff_credentials
WHEN new.used_step <= old.used_step
BEGIN
    SELECT RAISE(ABORT, 'a code is used once');
END;

-- Links by which staff set up what they sign in with.
CREATE TABLE staff_links (
    token_digest  BLOB PRIMARY KEY,
    staff_id      BLOB NOT NULL REFERENCES staff (id),
    expires_at    INTEGER NOT NULL,
    spent_at      INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX staff_links_staff ON staff_links (staff_id);

CREATE TRIGGER staff_links_are_spent_once BEFORE UPDATE ON staff_links
WHEN old.spent_at IS NOT NULL
BEGIN
    SELECT RAISE(ABORT, 'a link is spent once');
END;

-- Who of the staff is signed in. Without credentials nobody is.
CREATE TABLE staff_sessions (
    token_digest  BLOB PRIMARY KEY,
    staff_id      BLOB NOT NULL REFERENCES staff_credentials (id) ON DELETE CASCADE,
    begun_at      INTEGER NOT NULL,
    seen_at       INTEGER NOT NULL,
    expires_at    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX staff_sessions_staff ON staff_sessions (staff_id);
CREATE INDEX staff_sessions_expiry ON staff_sessions (expires_at);

CREATE TRIGGER staff_sessions_only_are_seen
BEFORE UPDATE OF token_digest, staff_id, begun_at, expires_at ON staff_sessions
BEGIN
    SELECT RAISE(ABORT, 'a session stays as it began');
END;
