"""The same Idempotency-Key at once, on several connections to several processes (F12)."""

import os
from collections.abc import Callable

from miniback import plans
from tests.faults import load
from tests.faults.load import Post
from tests.house import House, awaited, running

IS_SOAK = bool(os.environ.get("MINIBACK_SOAK"))
KEYS, AT_ONCE = (1_000, 32) if IS_SOAK else (60, 16)
KEYS_AT_A_TIME = 20


def test_f12_a_key_sent_many_times_at_once_to_three_processes_stores_one_item(
    database: str, new_house: Callable[..., House]
) -> None:
    posts = load.posts(KEYS)
    again = [[post, *(Post(post.marker) for _ in range(AT_ONCE - 1))] for post in posts]
    with running(new_house(database, workers=3)) as house:
        bob = house.account(plans.PRO)
        for start in range(0, KEYS, KEYS_AT_A_TIME):
            part = again[start : start + KEYS_AT_A_TIME]
            # Each connection gets a key once, so all that have the same one are under way at once.
            side_by_side = [post for same in zip(*part, strict=True) for post in same]
            awaited(load.send(house, bob, side_by_side, AT_ONCE))
        everything = [post for same in again for post in same]
        # On a machine that is busy otherwise, one may wait too long for the others and be told so.
        assert {post.status for post in everything} <= {201, 503}
        put_off = [post for post in everything if post.status == 503]
        awaited(load.send(house, bob, put_off, AT_ONCE))

        assert {post.status for post in everything} == {201}
        assert all(len({post.answer for post in same}) == 1 for same in again)
        assert load.findings(house, bob, everything) == []
