"""SQL for accounts, users and members."""

from miniback import clock
from miniback.accounts.models import Account, Role
from miniback.db import Tx


def insert_account(tx: Tx, account: Account) -> None:
    """Add an account that has no project yet."""
    tx.run(
        "INSERT INTO accounts (id, plan, anchor, active_projects, created_at)"
        " VALUES (:id, :plan, :anchor, 0, :now)",
        id=account.id,
        plan=account.plan,
        anchor=account.anchor,
        now=clock.now(),
    )


def insert_user(tx: Tx, user_id: str, email: str, password_hash: str) -> bool:
    """Add a user; False where the address is taken."""
    return bool(
        tx.run(
            "INSERT INTO users (id, email, password_hash, created_at)"
            " VALUES (:id, :email, :password_hash, :now) ON CONFLICT (email) DO NOTHING",
            id=user_id,
            email=email,
            password_hash=password_hash,
            now=clock.now(),
        )
    )


def insert_member(tx: Tx, account_id: str, user_id: str, role: Role) -> None:
    """Let a user into an account."""
    tx.run(
        "INSERT INTO members (account_id, user_id, role, created_at)"
        " VALUES (:account_id, :user_id, :role, :now)",
        account_id=account_id,
        user_id=user_id,
        role=role.value,
        now=clock.now(),
    )


def find(tx: Tx, account_id: str) -> Account | None:
    """Look an account up."""
    row = tx.one("SELECT id, plan, anchor FROM accounts WHERE id = :id", id=account_id)
    return Account(*row) if row else None


def find_owned(tx: Tx, email: str) -> Account | None:
    """Look up the account that a user owns, the oldest where there are several."""
    row = tx.one(
        "SELECT accounts.id, plan, anchor FROM users"
        "  JOIN members ON members.user_id = users.id"
        "  JOIN accounts ON accounts.id = members.account_id"
        " WHERE email = :email AND role = 'OWNER' ORDER BY accounts.id LIMIT 1",
        email=email,
    )
    return Account(*row) if row else None


def update_plan(tx: Tx, account_id: str, plan: str) -> None:
    """Put an account on another plan; its anchor stays (contract section 3)."""
    tx.run("UPDATE accounts SET plan = :plan WHERE id = :id", plan=plan, id=account_id)


def add_active_projects(tx: Tx, account_id: str, most: int) -> bool:
    """Count one more project that is not paused, unless the account has `most` already."""
    return bool(
        tx.run(
            "UPDATE accounts SET active_projects = active_projects + 1"
            " WHERE id = :id AND active_projects < :most",
            id=account_id,
            most=most,
        )
    )


def remove_active_projects(tx: Tx, account_id: str, count: int) -> None:
    """Count some projects fewer."""
    tx.run(
        "UPDATE accounts SET active_projects = active_projects - :count WHERE id = :id",
        id=account_id,
        count=count,
    )
