"""Accounts: workspaces, the people in them and their passwords."""

from miniback.accounts.models import Account, Role, checked_email, checked_password, hash_password
from miniback.accounts.service import create, named
from miniback.accounts.store import (
    add_active_projects,
    find,
    remove_active_projects,
    update_plan,
)

__all__ = [
    "Account",
    "Role",
    "add_active_projects",
    "checked_email",
    "checked_password",
    "create",
    "find",
    "hash_password",
    "named",
    "remove_active_projects",
    "update_plan",
]
