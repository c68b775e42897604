"""Links in our letters that need no sign-in: to confirm an address, and to be told no more."""

import hashlib
import hmac

from miniback import ids
from miniback.errors import NotFound
from miniback.notifications.models import TARGET, Target
from miniback.vault import Vault

_SECRET = "letters"  # noqa: S105 - a name
VERIFY, UNSUBSCRIBE = "verify", "unsubscribe"


class Links:
    """Makes links that nobody else can make, and reads them; each is for one thing alone."""

    def __init__(self, vault: Vault, base_url: str) -> None:
        self._vault = vault
        self._base_url = base_url

    async def verify(self, target: Target) -> str:
        """Return the link by which the owner of an address says yes."""
        return await self._link(VERIFY, target)

    async def unsubscribe(self, target: Target) -> str:
        """Return the link by which the owner of an address says no more."""
        return await self._link(UNSUBSCRIBE, target)

    async def place(self, purpose: str, token: str) -> tuple[str, str]:
        """Return account and target of a link's token, or raise NotFound."""
        account_id, _, rest = token.partition(".")
        target_id, _, mac = rest.partition(".")
        right = await self._mac(purpose, account_id, target_id)
        is_target = ids.is_one(TARGET, target_id)
        if not is_target or not hmac.compare_digest(mac.encode(), right.encode()):
            raise NotFound("This link does not work any more")
        return account_id, target_id

    async def _link(self, purpose: str, target: Target) -> str:
        mac = await self._mac(purpose, target.account_id, target.id)
        return f"{self._base_url}/{purpose}/{target.account_id}.{target.id}.{mac}"

    async def _mac(self, purpose: str, account_id: str, target_id: str) -> str:
        secret = await self._vault.secret(_SECRET)
        text = f"{purpose} {account_id} {target_id}".encode()
        return hmac.new(secret, text, hashlib.sha256).hexdigest()[:40]
