-- Whether pages have helped: counts, and nothing of who has answered.
CREATE TABLE feedback (
    page  TEXT NOT NULL,
    day   TEXT NOT NULL CHECK (length(day) = 10),
    yes   INTEGER NOT NULL,
    no    INTEGER NOT NULL,
    PRIMARY KEY (page, day)
) STRICT, WITHOUT ROWID;

CREATE INDEX feedback_day ON feedback (day);
