"""The same Idempotency-Key at once, on several connections to several processes."""

from collections.abc import Callable

from miniback import plans
from tests.faults import load
from tests.faults.load import Post
from tests.house import House, awaited, running

POSTS = 500


def test_a_key_sent_twice_at_once_to_three_processes_stores_one_item(
    database: str, new_house: Callable[..., House]
) -> None:
    posts = load.posts(POSTS)
    again = [Post(post.marker) for post in posts]
    side_by_side = [post for pair in zip(posts, again, strict=True) for post in pair]
    with running(new_house(database, workers=3)) as house:
        bob = house.account(plans.PRO)
        for start in range(0, 2 * POSTS, 200):
            awaited(load.send(house, bob, side_by_side[start : start + 200], 100))

        assert {post.status for post in side_by_side} == {201}
        assert load.findings(house, bob, side_by_side) == []
