"""SQL for accounts, users and members."""

from typing import NamedTuple

from miniback import clock
from miniback.accounts.models import Account, Density, Person, Role, Theme, User
from miniback.db import Tx

MOST_PEOPLE = 1_000


class Credentials(NamedTuple):
    """What somebody who signs in is held against, and the account that they come into."""

    user_id: str
    account_id: str
    password_hash: str


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


def insert_user(tx: Tx, user: User, password_hash: str) -> bool:
    """Add a person; False where the address is taken. The first one becomes administrator."""
    return bool(
        tx.run(
            "INSERT INTO users (id, email, password_hash, name, time_zone, is_administrator,"
            "                   created_at)"
            " VALUES (:id, :email, :password_hash, :name, :time_zone,"
            "         CASE WHEN EXISTS (SELECT 1 FROM users) THEN 0 ELSE 1 END, :now)"
            " ON CONFLICT (email) DO NOTHING",
            id=user.id,
            email=user.email,
            password_hash=password_hash,
            name=user.name,
            time_zone=user.time_zone,
            now=clock.now(),
        )
    )


def has_users(tx: Tx) -> bool:
    """Tell whether anybody is here yet."""
    return tx.one("SELECT 1 FROM users LIMIT 1") is not None


def find_credentials(tx: Tx, email: str) -> Credentials | None:
    """Look up what signing in needs of a person: in the oldest of their accounts."""
    row = tx.one(
        "SELECT users.id, members.account_id, password_hash FROM users"
        "  JOIN members ON members.user_id = users.id"
        " WHERE email = :email ORDER BY members.account_id LIMIT 1",
        email=email,
    )
    return Credentials(*row) if row else None


def find_credentials_of(tx: Tx, user_id: str) -> Credentials | None:
    """Look up the same by a person's id."""
    row = tx.one(
        "SELECT users.id, members.account_id, password_hash FROM users"
        "  JOIN members ON members.user_id = users.id"
        " WHERE users.id = :id ORDER BY members.account_id LIMIT 1",
        id=user_id,
    )
    return Credentials(*row) if row else None


def find_email(tx: Tx, user_id: str) -> str:
    """Return a person's address, '' where there is no such person."""
    row = tx.one("SELECT email FROM users WHERE id = :id", id=user_id)
    return str(row[0]) if row else ""


def hold_unchanged(tx: Tx, who: Credentials) -> bool:
    """Keep a person's password from changing until the transaction ends; False where it has."""
    return bool(
        tx.run(
            "UPDATE users SET password_hash = password_hash"
            " WHERE id = :id AND password_hash = :password_hash",
            id=who.user_id,
            password_hash=who.password_hash,
        )
    )


def update_password(tx: Tx, user_id: str, password_hash: str) -> None:
    """Give a person another password."""
    tx.run(
        "UPDATE users SET password_hash = :password_hash WHERE id = :id",
        password_hash=password_hash,
        id=user_id,
    )


def update_profile(tx: Tx, user_id: str, name: str, time_zone: str) -> None:
    """Write how a person is called and where their clock stands."""
    tx.run(
        "UPDATE users SET name = :name, time_zone = :time_zone WHERE id = :id",
        name=name,
        time_zone=time_zone,
        id=user_id,
    )


def update_email(tx: Tx, user_id: str, email: str) -> bool:
    """Give a person another address; False where it is somebody else's."""
    taken = tx.one(
        "SELECT 1 FROM users WHERE email = :email AND id <> :id", email=email, id=user_id
    )
    if taken:
        return False
    tx.run("UPDATE users SET email = :email WHERE id = :id", email=email, id=user_id)
    return True


def update_appearance(
    tx: Tx, user_id: str, theme: Theme, density: Density, has_shortcuts: bool
) -> None:
    """Write how a person wants pages to look and to be handled."""
    tx.run(
        "UPDATE users SET theme = :theme, density = :density, has_shortcuts = :has_shortcuts"
        " WHERE id = :id",
        theme=theme.value,
        density=density.value,
        has_shortcuts=int(has_shortcuts),
        id=user_id,
    )


def update_theme(tx: Tx, user_id: str, theme: Theme) -> None:
    """Write whether a person wants it light or dark."""
    tx.run("UPDATE users SET theme = :theme WHERE id = :id", theme=theme.value, id=user_id)


def dismiss(tx: Tx, account_id: str, user_id: str, mark: str) -> None:
    """Note which warning a member has put away."""
    tx.run(
        "UPDATE members SET dismissed = :mark"
        " WHERE account_id = :account_id AND user_id = :user_id",
        mark=mark,
        account_id=account_id,
        user_id=user_id,
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


def people(tx: Tx, account_id: str) -> dict[str, Person]:
    """Return the members of an account by their ids, the first `MOST_PEOPLE` who came."""
    rows = tx.all(
        "SELECT users.id, users.email, users.name, members.role FROM members"
        "  JOIN users ON users.id = members.user_id"
        " WHERE members.account_id = :account_id ORDER BY users.id LIMIT :limit",
        account_id=account_id,
        limit=MOST_PEOPLE,
    )
    return {row[0]: Person(*row) for row in rows}


def find(tx: Tx, account_id: str) -> Account | None:
    """Look an account up."""
    row = tx.one("SELECT id, plan, anchor FROM accounts WHERE id = :id", id=account_id)
    return Account(*row) if row else None


def following(tx: Tx, account_id: str) -> str | None:
    """Return the first account whose id comes after one, None where there is none."""
    row = tx.one("SELECT min(id) FROM accounts WHERE id > :id", id=account_id)
    return row[0] if row else None


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


def hold(tx: Tx, account_id: str) -> None:
    """Let nobody else who holds the account change what is its, until the transaction ends."""
    tx.run("UPDATE accounts SET plan = plan WHERE id = :id", id=account_id)


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
