"""The machine: two accounts act in turn at the API, on what is theirs and on what is not."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from miniback import notifications, plans, settings
from miniback.app import plan_table
from miniback.db import Tx
from tests.house import until
from tests.model.feedback_steps import FeedbackSteps
from tests.model.project_steps import ProjectSteps
from tests.model.steps import pick, who
from tests.model.tenant import CALLS, ITEMS, PROJECTS, Tenant

MONTH_MS = 31 * 86_400_000
statuses = st.sampled_from(["", "", "NEW", "REVIEWED", "RESOLVED"])


class Machine(ProjectSteps, FeedbackSteps):
    """All steps, and what is compared when a walk has ended."""

    @rule(
        at=who,
        aim=pick,
        status=statuses,
        limit=st.sampled_from([1, 2, 100, 1_000]),
        offset=st.integers(0, 4),
    )
    def list_project_feedback(
        self, at: int, aim: int, status: str, limit: int, offset: int
    ) -> None:
        tenant, project_id = self.tenants[at], self.one_of(self.seen_projects, aim)
        expected = self.expected(tenant, 0 if project_id in tenant.projects else 403)
        path = f"/api/projects/{project_id}/feedback?limit={limit}&offset={offset}&status={status}"
        answer = self.call(tenant, "GET", path)
        told = self.told(answer, expected)
        if told is not None:
            wanted = {"project_id": project_id} | ({"status": status} if status else {})
            found, most = tenant.newest(**wanted), min(limit, 100)
            assert [each["id"] for each in told] == [
                item.id for item in found[offset : offset + most]
            ]
            assert answer.json()["pagination"] == {
                "total": len(found),
                "limit": most,
                "offset": offset,
                "hasMore": offset + most < len(found),
            }

    @rule(
        at=who,
        aim=pick,
        by=st.sampled_from(["", "", "id", "slug"]),
        status=statuses,
        source=st.sampled_from(["", "", "API", "WIDGET"]),
        page=st.integers(1, 3),
        size=st.sampled_from([1, 3, 100]),
    )
    def list_all_feedback(
        self, at: int, aim: int, by: str, status: str, source: str, page: int, size: int
    ) -> None:
        tenant = self.tenants[at]
        name = self.one_of(self.seen_slugs if by == "slug" else self.seen_projects, aim)
        project_id = tenant.slugs.get(name, "") if by == "slug" else name
        is_lost = bool(by) and project_id not in tenant.projects
        expected = self.expected(tenant, 404 if is_lost else 0)
        query = {"page": page, "pageSize": size, "status": status, "source": source}
        query |= {"project" if by == "id" else "projectSlug": name} if by else {}
        answer = self.call(tenant, "GET", "/api/feedback", params=query)
        if self.told(answer, expected) is None:
            return
        wanted = {"project_id": project_id if by else "", "status": status, "source": source}
        found = tenant.newest(**{each: value for each, value in wanted.items() if value})
        here = found[(page - 1) * size : page * size]
        assert [each["id"] for each in answer.json()["data"]] == [item.id for item in here]
        for told, item in zip(answer.json()["data"], here, strict=True):
            self.compare_item(tenant, told, item)
        assert answer.json()["pagination"] == {
            "page": page,
            "pageSize": size,
            "total": len(found),
            "totalPages": -(-len(found) // size),
            "hasMore": page * size < len(found),
        }

    @rule(at=who)
    def read_usage(self, at: int) -> None:
        tenant = self.tenants[at]
        told = self.told(self.call(tenant, "GET", "/api/usage"), 200 if tenant.key else 403)
        if told:
            self.compare_usage(told, tenant)

    def compare_usage(self, told: Any, tenant: Tenant) -> None:
        """Compare what is told as used with the model's sums."""
        assert told["apiCalls"] == {"used": tenant.calls, "limit": CALLS}
        held = len(tenant.held)
        assert told["feedback"] == {"used": tenant.items, "limit": ITEMS, "held": held}
        assert told["projects"] == {"used": tenant.active, "limit": PROJECTS}

    @rule(at=who)
    def let_a_month_pass(self, at: int) -> None:
        """Put what was used into a month before; with held items, that is for the end."""
        tenant = self.tenants[at]
        if tenant.held or (tenant.calls < CALLS and tenant.items < ITEMS):
            return
        self.house.change(
            "UPDATE usage SET period_start = period_start - :month WHERE account_id = :id",
            id=tenant.account.id,
            month=MONTH_MS,
        )
        tenant.calls = tenant.items = 0

    def teardown(self) -> None:
        """Compare all that is left, and see what was held come out on a larger plan."""
        for tenant in self.tenants:
            if not tenant.key:
                continue
            self.compare_usage(self.told(self.call(tenant, "GET", "/api/usage"), 200), tenant)
            self.house.tx(self._raise_plan, tenant)
            if tenant.held:
                until(lambda: not self._held(tenant), "held items to be released")  # noqa: B023
                tenant.live |= {item.id: item for item in tenant.held}
            told = self.told(self.call(tenant, "GET", "/api/feedback?pageSize=100"), 200)
            found = tenant.newest()
            assert [each["id"] for each in told] == [item.id for item in found[:100]]
            for each, item in zip(told, found, strict=False):
                self.compare_item(tenant, each, item)

    def _raise_plan(self, tx: Tx, tenant: Tenant) -> None:
        table = plan_table(settings.read(self.house.variables))
        notifications.change_plan(tx, tenant.account.id, table[plans.PRO])

    def _held(self, tenant: Tenant) -> int:
        told = self.call(tenant, "GET", "/api/usage").json()["data"]
        return int(told["feedback"]["held"])
