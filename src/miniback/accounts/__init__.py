"""Accounts: workspaces, the people in them, how they sign in and what they may do."""

from miniback.accounts.former_store import insert_all as keep_former
from miniback.accounts.former_store import people_named
from miniback.accounts.frames import allowance_of
from miniback.accounts.models import (
    Account,
    Person,
    Role,
    Session,
    checked_email,
)
from miniback.accounts.passwords import Passwords, checked_password, hash_password
from miniback.accounts.service import add_member, create, named, person_named, set_up_token
from miniback.accounts.store import (
    add_active_projects,
    find,
    following,
    has_users,
    hold,
    people,
    remove_active_projects,
    update_plan,
    update_profile,
)
from miniback.accounts.throttles import question_limits, try_once
from miniback.accounts.visits import (
    HOME,
    Visit,
    answer_refusal,
    check_call,
    for_admins,
    for_members,
    open_page,
    session_of,
    signed_in,
)

__all__ = [
    "HOME",
    "Account",
    "Passwords",
    "Person",
    "Role",
    "Session",
    "Visit",
    "add_active_projects",
    "add_member",
    "allowance_of",
    "answer_refusal",
    "check_call",
    "checked_email",
    "checked_password",
    "create",
    "find",
    "following",
    "for_admins",
    "for_members",
    "has_users",
    "hash_password",
    "hold",
    "keep_former",
    "named",
    "open_page",
    "people",
    "people_named",
    "person_named",
    "question_limits",
    "remove_active_projects",
    "session_of",
    "set_up_token",
    "signed_in",
    "try_once",
    "update_plan",
    "update_profile",
]
