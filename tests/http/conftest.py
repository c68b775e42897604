"""A call that takes ten seconds begins before the other tests, which pass in the meantime."""

import contextlib
import socket
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from miniback import plans
from tests.house import House, until
from tests.http.sockets import Caller, calling


@pytest.fixture(scope="session", autouse=True)
def dripping(house: House) -> Iterator[tuple[Caller, "Future[object]"]]:
    """A caller whose body comes byte by byte, and the end of the connection."""
    bob = house.account(plans.PRO)
    head = f"POST {bob.feedback_path} HTTP/1.1\nhost: test\nx-api-key: {bob.key}"
    with calling(house, head + "\ncontent-length: 1000") as caller, ThreadPoolExecutor(1) as thread:
        yield caller, thread.submit(until, caller.is_ended_after_another_byte, "an answer")
        with contextlib.suppress(OSError):
            caller.socket.shutdown(socket.SHUT_RDWR)
