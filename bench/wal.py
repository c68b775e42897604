"""WAL frames a commit: what a durable write costs, steady where rates are noisy."""

import struct
from pathlib import Path

_HEADER_BYTES = 32
_FRAME_BYTES = 24
_FEWEST = 20


def frames_per_commit(database: Path) -> float | None:
    """Read the frames since the log last began anew, if there are enough of them."""
    log = database.with_name(database.name + "-wal")
    content = log.read_bytes() if log.exists() else b""
    if len(content) < _HEADER_BYTES:
        return None
    page_bytes, _, *salt = struct.unpack(">IIII", content[8:24])
    frames = commits = 0
    step = _FRAME_BYTES + page_bytes
    for at in range(_HEADER_BYTES, len(content) - step + 1, step):
        _, pages_after_commit, *its_salt = struct.unpack(">IIII", content[at : at + 16])
        if its_salt != salt:
            break  # left over from before the last restart of the log
        frames += 1
        commits += pages_after_commit > 0
    return frames / commits if commits >= _FEWEST else None
