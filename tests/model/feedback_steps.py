"""Steps about feedback: what comes in by key and by the door, and what becomes of it."""

from typing import Any

import httpx2
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.model.steps import Steps, once, pick, who
from tests.model.tenant import ITEMS, Claim, Item, Kept, Project, Tenant

CONTEXTS: tuple[dict[str, Any], ...] = ({}, {"url": "https://a.example/x"}, {"n": [1, {"é": None}]})
contexts = st.sampled_from(CONTEXTS)
messages = st.sampled_from(["new", "new", "new", "the same", "the same", ""])
sources = st.sampled_from(["API", "WIDGET"])


class FeedbackSteps(Steps):
    """Feedback comes in, is read, worked through, listed and deleted."""

    def said(self, kind: str) -> str:
        """Turn a kind of message into one; nothing is said twice that should not be."""
        if kind != "new":
            return kind
        self.word += 1
        return f"Word {self.number} {self.word} ü"

    @rule(at=who, aim=pick, kind=messages, context=contexts, source=sources, key=once)
    def post_feedback(
        self, at: int, aim: int, kind: str, context: dict[str, Any], source: str, key: str
    ) -> None:
        tenant, project_id = self.tenants[at], self.one_of(self.seen_projects, aim)
        project, message = tenant.projects.get(project_id), self.said(kind)
        claim = Claim(project_id, "createFeedback", key) if key else None
        content = (message, repr(context), source)
        before = tenant.replayed(claim, content) if project and message else None
        kept = before if isinstance(before, Kept) and tenant.key else None
        refused = self._refusal(project, message, before)
        status = 201 if kept else self._spent(tenant, refused)
        headers = {"x-feedback-source": source.lower()} | ({"idempotency-key": key} if key else {})
        answer = self.call(
            tenant,
            "POST",
            f"/api/projects/{project_id}/feedback",
            json={"message": message, **({"context": context} if context else {})},
            headers=headers,
        )
        made = self._made(answer, status, kept)
        if made and not kept:
            item = Item(made["id"], project_id, message, context, source)
            tenant.live[item.id] = item
            self._remember(tenant, claim, content, made, message, context)

    def _refusal(self, project: Project | None, message: str, before: Kept | int | None) -> int:
        if project is None:
            return 403
        if not message:
            return 400
        if before is not None:
            return before if isinstance(before, int) else 0
        return 403 if project.status == "PAUSED" else 0

    def _spent(self, tenant: Tenant, refused: int) -> int:
        """Return the status of a keyed post, which takes a call and an item, both or neither."""
        if tenant.key and not refused and tenant.items >= ITEMS:
            return 429
        status = self.expected(tenant, refused, 201)
        tenant.items += status == 201
        return status

    def _made(self, answer: httpx2.Response, status: int, kept: Kept | None) -> Any:
        made = self.told(answer, status)
        assert ("idempotent-replayed" in answer.headers) == (kept is not None)
        if kept:
            assert made == kept.answer
        return made

    def _remember(
        self,
        tenant: Tenant,
        claim: Claim | None,
        content: tuple[Any, ...],
        made: Any,
        message: str,
        context: dict[str, Any],
    ) -> None:
        assert (made["message"], made["context"], made["status"]) == (message, context, "NEW")
        self.seen_items.append(made["id"])
        if claim:
            tenant.claims[claim] = Kept(content, made)

    @rule(aim=pick, kind=messages, context=contexts, key=once, is_trapped=st.booleans())
    def send_through_the_door(
        self, aim: int, kind: str, context: dict[str, Any], key: str, is_trapped: bool
    ) -> None:
        slug, message = self.one_of(self.seen_slugs, aim), self.said(kind)
        is_trapped = is_trapped and kind == "new" and not key
        tenant, project = self._behind(slug)
        claim = Claim(project.id, "submitFeedback", key) if project and key else None
        content = (message, repr(context), "API")
        before = tenant.replayed(claim, content) if project and message else None
        kept = before if isinstance(before, Kept) else None
        status = self._through_the_door(tenant, project, message, before, is_trapped)
        body = {"message": message, "projectSlug": slug, "context": context}
        self.steps += 1
        answer = tenant.account.client.post(
            "/api/feedback",
            json={**body, **({"website": "https://spam.example"} if is_trapped else {})},
            headers={"idempotency-key": key} if key else {},
        )
        made = self._made(answer, status, kept)
        if made and project and not kept:
            self._remember(tenant, claim, content, made, message, context)
            if not is_trapped:
                self._shelve(tenant, Item(made["id"], project.id, message, context, "API"))

    def _behind(self, slug: str) -> tuple[Tenant, Project | None]:
        for tenant in self.tenants:
            if project := tenant.projects.get(tenant.slugs.get(slug, "")):
                return tenant, project
        return self.tenants[0], None

    def _through_the_door(
        self,
        tenant: Tenant,
        project: Project | None,
        message: str,
        before: Kept | int | None,
        is_trapped: bool,
    ) -> int:
        if project is None:
            return 404
        refused = self._refusal(project, message, before)
        is_full = tenant.items >= ITEMS and len(tenant.held) >= ITEMS
        if not refused and before is None and is_full and not is_trapped:
            return 429
        return refused or 201

    def _shelve(self, tenant: Tenant, item: Item) -> None:
        if tenant.items < ITEMS:
            tenant.items += 1
            tenant.live[item.id] = item
        else:
            tenant.held.append(item)

    @rule(at=who, aim=pick)
    def read_item(self, at: int, aim: int) -> None:
        tenant, item_id = self.tenants[at], self.one_of(self.seen_items, aim)
        item = tenant.live.get(item_id)
        expected = self.expected(tenant, 0 if item else 404)
        told = self.told(self.call(tenant, "GET", f"/api/feedback/{item_id}"), expected)
        if told and item:
            self.compare_item(tenant, told, item)

    def compare_item(self, tenant: Tenant, told: Any, item: Item) -> None:
        """Compare an item as it is told with the model's."""
        members = ("id", "message", "context", "status", "source")
        assert [told[each] for each in members] == [getattr(item, each) for each in members]
        project = tenant.projects[item.project_id]
        whose = {"id": project.id, "name": project.name, "slug": project.slug}
        assert told["project"] == whose

    @rule(at=who, aim=pick, status=st.sampled_from(["NEW", "REVIEWED", "RESOLVED", "OLD"]))
    def set_status(self, at: int, aim: int, status: str) -> None:
        tenant, item_id = self.tenants[at], self.one_of(self.seen_items, aim)
        item = tenant.live.get(item_id)
        refused = 404 if item is None else 400 if status == "OLD" else 0
        expected = self.expected(tenant, refused)
        path = f"/api/feedback/{item_id}"
        told = self.told(self.call(tenant, "PUT", path, json={"status": status}), expected)
        if told and item:
            item.status = status
            self.compare_item(tenant, told, item)

    @rule(at=who, aim=pick)
    def delete_item(self, at: int, aim: int) -> None:
        tenant, item_id = self.tenants[at], self.one_of(self.seen_items, aim)
        expected = self.expected(tenant, 0 if item_id in tenant.live else 404)
        if self.told(self.call(tenant, "DELETE", f"/api/feedback/{item_id}"), expected):
            del tenant.live[item_id]
