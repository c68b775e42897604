-- Ids, keys and slugs sort by their bytes on both databases. SQLite does so anyway and takes the
-- name of this type for TEXT.
CREATE DOMAIN key_text AS TEXT COLLATE "C";
