"""Every page that there is to look at, over the demo's data."""

from tests.browser.told import places
from tests.house import House

OPEN_ROUTES = [
    "/login",
    "/forgot",
    "/nowhere",
    "/f/storefront",
    "/f/storefront/sent?reference={item}",
    "/demo/storefront",
    "/verify/{verify}",
    "/unsubscribe/{unsubscribe}",
    "/docs",
    "/docs/webhooks",
    "/docs/settings",
    "/docs/changelog",
    "/docs/api",
    "/docs/api/feedback",
    "/docs/search?q=regenerate+key",
]
ROUTES = [
    "/inbox",
    "/inbox?status=NEW&project=storefront&search=button",
    "/inbox?search=nothing+like+this",
    "/inbox/{item}",
    "/projects",
    "/projects?search=nothing+like+this",
    "/projects/new",
    "/projects/storefront",
    "/projects/beta-programme",
    "/projects/storefront/api",
    "/projects/storefront/api/revoke",
    "/projects/storefront/install",
    "/projects/storefront/widget",
    "/projects/storefront/security",
    "/projects/storefront/security?test=https%3A%2F%2Fwww.shop.example%2Fcart",
    "/projects/storefront/settings",
    "/projects/storefront/delete",
    "/analytics",
    "/analytics/insights",
    "/analytics?range=90d&project=storefront&compare=off",
    "/usage",
    "/settings/profile",
    "/settings/appearance",
    "/settings/notifications",
    "/settings/notifications/{channel}",
    "/settings/data/import",
    "/settings/data/import/{import}",
    "/settings/webhooks",
    "/settings/webhooks/{webhook}",
    "/settings/webhooks/{webhook}/delete",
    "/settings/webhooks/{webhook}/deliveries/{delivery}",
    "/settings/data",
    "/settings/data/people",
    "/settings/audit-log",
    "/settings/billing",
    "/settings/billing?plan=FREE",
    "/settings/system",
    "/logout",
    "/projects/no-such-project",
]


def at(house: House, route: str) -> str:
    """The address of a page; {item} is the newest item, other names are those of who is told."""
    if "{" not in route:
        return route
    if "{item}" not in route:
        return route.format(**places(house))
    (item,) = house.rows("SELECT id FROM feedback ORDER BY position DESC LIMIT 1")[0]
    return route.replace("{item}", item)
