-- Bytes, on both databases. SQLite keeps what it is given and takes the name for BLOB.
CREATE DOMAIN blob_data AS BYTEA;
