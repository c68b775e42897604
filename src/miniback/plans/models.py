"""The plans: one table of what each allows (contract section 3), which an operator may reshape."""

import msgspec

from miniback.errors import Invalid, Misconfigured


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a plan allows; None is no limit.

    `projects` counts those that are not paused, `items` pieces of feedback a period, `calls` API
    calls a period. With `reads` a key opens every call, without it POST of feedback alone. `emails`
    is how many addresses are notified; with `webhooks` webhooks and chats, too. With `analytics`
    there is more than counts and simple charts; `insights` tell what repeats and what rises.
    `price` is what it costs a month, in whole euros, where billing tells prices at all.
    """

    name: str
    projects: int | None
    items: int | None
    calls: int | None
    reads: bool
    emails: int
    webhooks: bool
    analytics: bool
    insights: bool
    price: int

    @property
    def is_limited(self) -> bool:
        """Whether a period's calls or items run out, so that each must be counted as it is made."""
        return self.calls is not None or self.items is not None


Plans = dict[str, Plan]

_FIGURES = "projects, items, calls, reads, emails, webhooks, analytics, insights and price"

FREE, STARTER, PRO = "FREE", "STARTER", "PRO"

TABLE: Plans = {
    FREE: Plan(
        name=FREE,
        projects=1,
        items=300,
        calls=300,
        reads=False,
        emails=1,
        webhooks=False,
        analytics=False,
        insights=False,
        price=0,
    ),
    STARTER: Plan(
        name=STARTER,
        projects=10,
        items=5_000,
        calls=10_000,
        reads=True,
        emails=5,
        webhooks=True,
        analytics=True,
        insights=False,
        price=9,
    ),
    PRO: Plan(
        name=PRO,
        projects=None,
        items=None,
        calls=None,
        reads=True,
        emails=20,
        webhooks=True,
        analytics=True,
        insights=True,
        price=39,
    ),
}


def named(table: Plans, name: str) -> Plan:
    """Return a plan by its name, or raise Invalid."""
    if name not in table:
        raise Invalid(f"There is no plan '{name}'; there are {', '.join(table)}")
    return table[name]


def reshaped(changes: str) -> Plans:
    """Return the table with an operator's figures, JSON such as `{"FREE": {"calls": 1000}}`.

    Raises Misconfigured for a plan or a figure that does not exist, and for one below zero.
    """
    try:
        given = msgspec.json.decode(changes or "{}", type=dict[str, dict[str, int | bool | None]])
        return {**TABLE, **{name: _changed(name, each) for name, each in given.items()}}
    except msgspec.MsgspecError as error:
        raise Misconfigured(
            'MINIBACK_PLANS must be JSON such as {"FREE": {"calls": 1000}}: ' + str(error)
        ) from error
    except ValueError as error:
        raise Misconfigured(f"MINIBACK_PLANS {error}") from error


def _changed(name: str, figures: dict[str, int | bool | None]) -> Plan:
    if name not in TABLE:
        raise ValueError(f"names a plan '{name}'; there are {', '.join(TABLE)}")
    if unknown := figures.keys() - (set(Plan.__struct_fields__) - {"name"}):
        raise ValueError(f"names a figure '{min(unknown)}' in {name}; there are {_FIGURES}")
    if any(type(figure) is int and figure < 0 for figure in figures.values()):
        raise ValueError(f"has a figure below zero in {name}")
    try:
        return msgspec.convert({**msgspec.structs.asdict(TABLE[name]), **figures}, Plan)
    except msgspec.ValidationError as error:
        raise ValueError(f"has a wrong figure in {name}: {error}") from error
