"""What every step of the machine does: a call, and what the model expects of its answer."""

import itertools
from typing import Any

import httpx2
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from miniback import plans
from tests.house import House
from tests.model.tenant import Tenant

numbers = itertools.count(1)
who = st.integers(0, 1)
pick = st.integers(0, 60)
once = st.sampled_from(["", "", "", "a", "b", "same key"])
UNKNOWN = "feedback_0ola7i7o2006nogdijoqfi2j"
NOBODY = "proj_0ola7i7o2003v6gsbfh7r026"
DEAD_KEY = 403


class Steps(RuleBasedStateMachine):
    """Two accounts that act in turn, on what is theirs and on what is not."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house
        self.steps = 0
        self.number = next(numbers)
        self.word = 0
        self.tenants = [Tenant(house.account(plans.STARTER)) for _ in range(2)]
        # Whatever was ever there: of either account, deleted or not, and what never was.
        self.seen_projects = [NOBODY, *(each.account.project_id for each in self.tenants)]
        self.seen_items = [UNKNOWN]
        self.seen_slugs = ["nobodys-slug", *(each.account.slug for each in self.tenants)]
        self.dead_keys = ["mbk_0123456789ABCDEFGHIJKLMNOPQRST0lmKBo"]

    def call(self, tenant: Tenant, method: str, path: str, **options: Any) -> httpx2.Response:
        """Make a call with the key that lives, or that lived last."""
        self.steps += 1
        headers = {"x-api-key": tenant.key or tenant.account.key, **options.pop("headers", {})}
        return tenant.account.client.request(method, path, headers=headers, **options)

    def told(self, answer: httpx2.Response, status: int) -> Any:
        """Compare a status with the model's, and return what was told."""
        asked = f"{answer.request.method} {answer.request.url}"
        assert answer.status_code == status, f"{asked}: {answer.status_code}, not {status}"
        if status >= 400:
            assert isinstance(answer.json()["error"], str)
            return None
        return answer.json()["data"]

    def expected(self, tenant: Tenant, refused: int, ok: int = 200) -> int:
        """Return the status of a keyed call that would be refused so, 0 for not at all."""
        if not tenant.key:
            return DEAD_KEY
        if refused:
            return refused
        if not tenant.has_call:
            return 429
        tenant.calls += 1
        return ok

    def one_of(self, seen: list[str], aim: int) -> str:
        """Pick what a step is about, the latest most often."""
        return seen[-1 - aim % len(seen)]

    def is_free(self, tenant: Tenant, slug: str, project_id: str) -> bool:
        """Whether a project may have a slug, as far as both accounts know."""
        others = [each for each in self.tenants if each is not tenant and slug in each.slugs]
        return not others and tenant.is_free(slug, project_id)
