"""A stand-in for Citus: the functions and the catalogue that we use, with its documented refusals.

It moves no rows. Written after Citus's documentation and messages; it shows that we keep to these
rules, not that they are all, nor that the extension itself would do.
"""

import psycopg
from psycopg import sql

from tests.house import House

# In a real one these are part of pg_catalog, which is always looked in.
SCHEMA = "citus_stand_in"
FUNCTIONS = """
CREATE SCHEMA citus_stand_in;
SET search_path = citus_stand_in, public;

CREATE TABLE pg_dist_partition (
    logicalrelid regclass NOT NULL PRIMARY KEY,
    partmethod "char" NOT NULL,
    partkey text,
    colocationid int NOT NULL,
    repmodel "char" NOT NULL
);
CREATE TABLE calls (number bigint GENERATED ALWAYS AS IDENTITY, call text, relation text);

CREATE FUNCTION column_to_column_name(regclass, text) RETURNS text LANGUAGE sql AS 'SELECT $2';

CREATE FUNCTION refuse_any(relation regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = relation) THEN
        RAISE EXCEPTION 'table "%" is already distributed', relation;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = relation AND NOT tgisinternal)
       AND coalesce(current_setting('citus.enable_unsafe_triggers', true), '') <> 'on' THEN
        RAISE EXCEPTION 'cannot distribute relation "%" because it has triggers and'
            ' "citus.enable_unsafe_triggers" is set to "false"', relation;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = relation AND attidentity <> ''
               AND atttypid <> 'int8'::regtype) THEN
        RAISE EXCEPTION 'cannot complete operation on % with smallint/int identity',
            relation;
    END IF;
    IF EXISTS (SELECT 1 FROM pg_inherits WHERE inhrelid = relation OR inhparent = relation) THEN
        RAISE EXCEPTION '% is not a regular table', relation;
    END IF;
END $$;

CREATE FUNCTION create_distributed_table(
    table_name regclass, distribution_column text, distribution_type text DEFAULT 'hash',
    colocate_with text DEFAULT 'default', shard_count int DEFAULT NULL
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    place pg_attribute;
    beside pg_dist_partition;
    unfit text;
BEGIN
    PERFORM refuse_any(table_name);
    SELECT * INTO place FROM pg_attribute
     WHERE attrelid = table_name AND attname = distribution_column AND NOT attisdropped;
    IF place IS NULL THEN
        RAISE EXCEPTION 'column "%" of relation "%" does not exist',
            distribution_column, table_name;
    END IF;
    IF NOT (SELECT collisdeterministic FROM pg_collation WHERE oid = place.attcollation) THEN
        RAISE EXCEPTION 'Hash distributed partition columns may not use a non deterministic'
            ' collation';
    END IF;
    SELECT indexrelid::regclass::text INTO unfit FROM pg_index
     WHERE indrelid = table_name AND (indisunique OR indisexclusion)
       AND NOT place.attnum = ANY (indkey[0:indnkeyatts - 1]) LIMIT 1;
    IF unfit IS NOT NULL THEN
        RAISE EXCEPTION 'cannot create constraint on "%"', table_name USING DETAIL =
            'Distributed relations cannot have UNIQUE, EXCLUDE, or PRIMARY KEY constraints that do'
            ' not include the partition column: ' || unfit;
    END IF;
    SELECT conname INTO unfit FROM pg_constraint
     WHERE contype = 'f' AND conrelid = table_name AND NOT EXISTS (
        SELECT 1 FROM pg_dist_partition AS other WHERE logicalrelid = confrelid
           AND (partmethod = 'n' OR EXISTS (
                SELECT 1 FROM unnest(conkey, confkey) AS pair (mine, theirs)
                  JOIN pg_attribute ON attrelid = confrelid AND attnum = theirs
                 WHERE mine = place.attnum AND attname = other.partkey)));
    IF unfit IS NOT NULL THEN
        RAISE EXCEPTION 'cannot create foreign key constraint' USING DETAIL = unfit;
    END IF;
    IF colocate_with NOT IN ('none', 'default') THEN
        SELECT * INTO beside FROM pg_dist_partition
         WHERE logicalrelid = colocate_with::regclass AND partmethod = 'h';
        IF beside IS NULL THEN
            RAISE EXCEPTION 'relation % is not distributed', colocate_with;
        END IF;
        IF (SELECT atttypid FROM pg_attribute WHERE attrelid = beside.logicalrelid
                AND attname = beside.partkey) <> place.atttypid THEN
            RAISE EXCEPTION 'cannot colocate tables % and %', colocate_with, table_name
                USING DETAIL = 'Distribution column types don''t match.';
        END IF;
    END IF;
    INSERT INTO pg_dist_partition VALUES (table_name, 'h', distribution_column, coalesce(
        beside.colocationid,
        (SELECT coalesce(max(colocationid), 0) + 1 FROM pg_dist_partition)), 's');
    INSERT INTO calls (call, relation) VALUES ('create_distributed_table', table_name);
END $$;

CREATE FUNCTION create_reference_table(table_name regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM refuse_any(table_name);
    IF EXISTS (SELECT 1 FROM pg_constraint LEFT JOIN pg_dist_partition ON logicalrelid = confrelid
                WHERE contype = 'f' AND conrelid = table_name AND partmethod IS DISTINCT FROM 'n')
    THEN
        RAISE EXCEPTION 'cannot create foreign key constraint since reference tables can only'
            ' reference reference tables';
    END IF;
    INSERT INTO pg_dist_partition VALUES (table_name, 'n', NULL, 0, 't');
    INSERT INTO calls (call, relation) VALUES ('create_reference_table', table_name);
END $$;

CREATE FUNCTION truncate_local_data_after_distributing_table(function_table_name regclass)
RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = function_table_name) THEN
        RAISE EXCEPTION 'supplied parameter is not a distributed relation';
    END IF;
    -- It empties the table as TRUNCATE does, so triggers of the statement fire.
    IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = function_table_name
               AND NOT tgisinternal AND tgenabled <> 'D' AND tgtype & 32 = 32) THEN
        RAISE EXCEPTION 'a trigger of % refuses to let it be emptied', function_table_name;
    END IF;
    INSERT INTO calls (call, relation) VALUES ('truncate_local_data', function_table_name);
END $$;
"""


def install(house: House) -> None:
    """Put the stand-in into a house's database, where later connections find it."""
    with psycopg.connect(house.database_url, autocommit=True) as connection:
        connection.execute(sql.SQL(FUNCTIONS))
        name = sql.Identifier(connection.info.dbname)
        places = sql.SQL("ALTER DATABASE {} SET search_path = public, citus_stand_in")
        connection.execute(places.format(name))


def calls(house: House) -> list[tuple[str, str]]:
    """Return which functions were called for which tables, in order."""
    return house.rows("SELECT call, relation FROM citus_stand_in.calls ORDER BY number")
