"""POST /api/projects/{id}/feedback (contract section 5)."""

from tests.house import Account


def test_creating_answers_201_with_the_item(bob: Account) -> None:
    response = bob.post(bob.feedback_path, json={"message": "Bug", "context": {"a": 1}})

    assert response.status_code == 201
    item = response.json()["data"]
    assert list(item) == ["id", "message", "context", "status", "createdAt"]
