"""What one does with accounts."""

from miniback import clock, ids
from miniback.accounts import store
from miniback.accounts.models import Account, Role
from miniback.db import Tx
from miniback.errors import Conflict, NotFound


def create(tx: Tx, email: str, password_hash: str, plan: str) -> Account:
    """Open an account with its owner; Conflict where the address has one already."""
    user_id = ids.new("user")
    if not store.insert_user(tx, user_id, email, password_hash):
        raise Conflict(f"There is already a user with the address {email}")
    account = Account(id=ids.new("acct"), plan=plan, anchor=clock.now())
    store.insert_account(tx, account)
    store.insert_member(tx, account.id, user_id, Role.OWNER)
    return account


def named(tx: Tx, name: str) -> Account:
    """Find an account by its id or its owner's address, or raise NotFound."""
    account = store.find_owned(tx, name.lower()) if "@" in name else store.find(tx, name)
    if account is None:
        raise NotFound(f"There is no account '{name}'")
    return account
