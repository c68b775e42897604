"""Things of an account for calls to name: an item with all that can hang on one, and a webhook."""

import re

from miniback_client import Client
from tests.clients.test_calls import PNG
from tests.house import Account, House

# The ids of the description's examples.
EXAMPLES = re.compile(r"\b(proj|feedback|note|tag|attachment|target|delivery)_0ola\w+")
# Names that no two projects can have.
_UNIQUE = ("new-project", "updated-slug")


def ids_of(house: House, account: Account) -> dict[str, str]:
    """Make one of each, and return the ids by what they begin with."""
    with Client(house.base_url, account.key) as client:
        image = client.door.upload(account.slug, PNG, "image/png")
        item = client.door.submit(account.slug, "A word", attachments=[image])
        client.feedback.set_tags(item.id, ["old"])
        hook = client.webhooks.create("https://example.com/another", ["feedback.created"])
        return {
            "proj": account.project_id,
            "feedback": item.id,
            "note": client.feedback.add_note(item.id, "A note").id,
            "tag": client.tags.list()[0].id,
            "attachment": client.feedback.attachments(item.id)[0].id,
            "target": hook.id,
            "delivery": client.webhooks.test(hook.id).id,
        }


def named(text: str, account: Account, ids: dict[str, str]) -> str:
    """Put what there is where a sample names what there could be."""
    text = EXAMPLES.sub(lambda found: ids[found[1]], text)
    for each in _UNIQUE:
        text = text.replace(each, f"{each}-{account.slug}")
    return text.replace("my-website", account.slug).replace("ada@example.com", account.email)
