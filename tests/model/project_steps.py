"""Steps about projects and their keys."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.model.steps import Steps, once, pick, who
from tests.model.tenant import PROJECTS, RESERVED, Claim, Kept, Project, Tenant

NAMES = ("Shop", "Ünïcode Shop", "日本", "a" * 100)


class ProjectSteps(Steps):
    """Projects are made, changed, read and deleted, and get new keys."""

    def asked_slug(self, kind: str) -> str:
        """Turn a kind of slug into one."""
        if kind == "own":
            self.word += 1
            return f"own-{self.number}-{self.word}-x"
        return self.seen_slugs[-1] if kind == "taken" else kind

    @rule(
        at=who,
        name=st.sampled_from(NAMES),
        kind=st.sampled_from(["", "", "own", RESERVED, "taken"]),
        key=once,
    )
    def create_project(self, at: int, name: str, kind: str, key: str) -> None:
        tenant, asked = self.tenants[at], self.asked_slug(kind)
        claim = Claim("", "createProject", key) if key else None
        before = tenant.replayed(claim, (name, asked))
        kept = before if isinstance(before, Kept) and tenant.key and kind != RESERVED else None
        refused = self._refusal_of_new(tenant, asked, before)
        status = 201 if kept else self.expected(tenant, refused, 201)
        answer = self.call(
            tenant,
            "POST",
            "/api/projects",
            json={"name": name, **({"slug": asked} if asked else {})},
            headers={"idempotency-key": key} if key else {},
        )
        made = self.told(answer, status)
        assert ("idempotent-replayed" in answer.headers) == (kept is not None)
        if kept:
            assert made == kept.answer
        elif made:
            self._keep(tenant, made, name, asked)
            if claim:
                tenant.claims[claim] = Kept((name, asked), made)

    def _refusal_of_new(self, tenant: Tenant, asked: str, before: Kept | int | None) -> int:
        if asked == RESERVED:
            return 400
        if before is not None:
            return before if isinstance(before, int) else 0
        if tenant.active >= PROJECTS:
            return 403
        return 409 if asked and not self.is_free(tenant, asked, "") else 0

    def _keep(self, tenant: Tenant, made: Any, name: str, asked: str) -> None:
        assert (made["name"], made["status"]) == (name, "ACTIVE")
        slug = made["slug"]
        assert slug == asked if asked else self.is_free(tenant, slug, "")
        tenant.projects[made["id"]] = Project(made["id"], name, slug)
        tenant.slugs[slug] = made["id"]
        self.seen_projects.append(made["id"])
        self.seen_slugs.append(slug)

    @rule(
        at=who,
        aim=pick,
        name=st.sampled_from(["", *NAMES]),
        kind=st.sampled_from(["", "", "own", "taken", RESERVED]),
        status=st.sampled_from(["", "ACTIVE", "PAUSED"]),
    )
    def change_project(self, at: int, aim: int, name: str, kind: str, status: str) -> None:
        tenant, asked = self.tenants[at], self.asked_slug(kind)
        project_id = self.one_of(self.seen_projects, aim)
        members = {"name": name, "slug": asked, "status": status}
        given = {member: value for member, value in members.items() if value}
        project = tenant.projects.get(project_id)
        expected = self.expected(tenant, self._refusal_of_change(tenant, project, given))
        after = self.told(
            self.call(tenant, "PUT", f"/api/projects/{project_id}", json=given), expected
        )
        if after and project:
            for member, value in given.items():
                setattr(project, member, value)
            if asked:
                tenant.slugs[asked] = project_id
                self.seen_slugs.append(asked)
            self.compare(after, project)

    def _refusal_of_change(
        self, tenant: Tenant, project: Project | None, given: dict[str, str]
    ) -> int:
        if project is None:
            return 404
        slug = given.get("slug", "")
        if not given or slug == RESERVED:
            return 400
        is_resumed = given.get("status") == "ACTIVE" != project.status
        if is_resumed and tenant.active >= PROJECTS:
            return 403
        is_new = slug not in ("", project.slug)
        return 409 if is_new and not self.is_free(tenant, slug, project.id) else 0

    def compare(self, told: Any, project: Project) -> None:
        """Compare a project as it is told with the model's."""
        members = ("id", "name", "slug", "status")
        assert [told[each] for each in members] == [getattr(project, each) for each in members]

    @rule(at=who, aim=pick)
    def read_project(self, at: int, aim: int) -> None:
        tenant, project_id = self.tenants[at], self.one_of(self.seen_projects, aim)
        project = tenant.projects.get(project_id)
        expected = self.expected(tenant, 0 if project else 404)
        told = self.told(self.call(tenant, "GET", f"/api/projects/{project_id}"), expected)
        if told and project:
            self.compare(told, project)

    @rule(at=who)
    def list_projects(self, at: int) -> None:
        tenant = self.tenants[at]
        expected = self.expected(tenant, 0)
        told = self.told(self.call(tenant, "GET", "/api/projects"), expected)
        if told is not None:
            assert [each["id"] for each in told] == sorted(tenant.projects, reverse=True)
            for each in told:
                self.compare(each, tenant.projects[each["id"]])

    # Most that is made should last for a while, so that there is something to act on.
    @rule(at=who, aim=pick, is_sure=st.sampled_from([False, False, False, True]))
    def delete_project(self, at: int, aim: int, is_sure: bool) -> None:
        tenant, project_id = self.tenants[at], self.one_of(self.seen_projects, aim)
        project = tenant.projects.get(project_id)
        if project and not (is_sure and len(tenant.projects) > 1):
            return
        expected = self.expected(tenant, 0 if project else 404)
        answer = self.call(tenant, "DELETE", f"/api/projects/{project_id}")
        if self.told(answer, expected):
            self.dead_keys += [project.key] if project and project.key else []
            tenant.delete(project_id)

    @rule(at=who, aim=pick)
    def issue_key(self, at: int, aim: int) -> None:
        tenant, project_id = self.tenants[at], self.one_of(self.seen_projects, aim)
        project = tenant.projects.get(project_id)
        expected = self.expected(tenant, 0 if project else 404, 201)
        made = self.told(self.call(tenant, "POST", f"/api/projects/{project_id}/api-key"), expected)
        if made and project:
            self.dead_keys += [project.key] if project.key else []
            project.key = made["apiKey"]

    @rule(at=who, aim=pick)
    def call_with_a_dead_key(self, at: int, aim: int) -> None:
        headers = {"x-api-key": self.one_of(self.dead_keys, aim)}
        self.told(self.call(self.tenants[at], "GET", "/api/projects", headers=headers), 403)
