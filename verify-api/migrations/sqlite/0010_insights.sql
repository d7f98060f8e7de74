-- By what managers see how messages fared.
CREATE INDEX outbox_done ON outbox (done_at) WHERE done_at IS NOT NULL;
