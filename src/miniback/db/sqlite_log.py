"""SQLite's write-ahead log: who may keep one, waiting for its writer, copying it into the file."""

import time

import apsw
import structlog

from miniback.errors import Misconfigured

WAIT_FOR_WRITER_S = 5.0
CHECKPOINT_PAGES = 4_000
WAL_LIMIT_PAGES = 16_000

log = structlog.get_logger()


def check_version(version: str) -> None:
    """Refuse the SQLite versions that can corrupt a WAL database with several connections.

    The bug is in all of 3.7.0 to 3.51.2; 3.50.7 and 3.44.6 have the cure too
    (https://www.sqlite.org/wal.html#walresetbug).
    """
    number = tuple(int(part) for part in version.split(".")[:3])
    cured = number >= (3, 51, 3) or (3, 50, 7) <= number < (3, 51) or (3, 44, 6) <= number < (3, 45)
    if not cured:
        raise Misconfigured(
            f"SQLite {version} can corrupt the database; install apsw 3.51.3 or newer"
        )


class Patience:
    """Waits for another writer in millisecond steps; SQLite's own steps grow to 100 ms."""

    def __init__(self) -> None:
        self._since = 0.0

    def __call__(self, tries: int) -> bool:
        """Wait a little more, or say that it was long enough."""
        now = time.monotonic()
        if tries == 0:
            self._since = now
        if now - self._since > WAIT_FOR_WRITER_S:
            return False
        time.sleep(0.001)
        return True


def checkpoint(connection: apsw.Connection, schema: str, pages: int) -> int:
    """Copy the log into the file now and then; press on once it has grown too long.

    Runs within a COMMIT that is on disk already, so nothing that goes wrong here may fail it, and
    nobody is waited for: the next commit tries again.
    """
    if pages < CHECKPOINT_PAGES:
        return apsw.SQLITE_OK
    is_long = pages >= WAL_LIMIT_PAGES
    mode = apsw.SQLITE_CHECKPOINT_RESTART if is_long else apsw.SQLITE_CHECKPOINT_PASSIVE
    connection.set_busy_handler(None)
    try:
        connection.wal_checkpoint(schema, mode)
    except apsw.BusyError:
        log.warning("log_held", reason="Somebody reads for long; until then the log grows")
    except apsw.Error as error:
        log.warning("checkpoint_failed", reason=str(error), pages=pages)
    finally:
        connection.set_busy_handler(Patience())
    return apsw.SQLITE_OK
