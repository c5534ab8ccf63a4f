-- The address that was asked, so that what a server said of one is never said to another;
-- NULL in rows of before.
ALTER TABLE feed_state ADD COLUMN url {{BYTES}};
