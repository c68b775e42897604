"""Every page that there is to look at, over the demo's data."""

OPEN_ROUTES = ["/login", "/forgot", "/nowhere"]
ROUTES = [
    "/projects",
    "/projects?search=nothing+like+this",
    "/projects/new",
    "/projects/storefront",
    "/projects/beta-programme",
    "/projects/storefront/api",
    "/projects/storefront/api/revoke",
    "/projects/storefront/security",
    "/projects/storefront/security?test=https%3A%2F%2Fwww.shop.example%2Fcart",
    "/projects/storefront/settings",
    "/projects/storefront/delete",
    "/usage",
    "/settings/profile",
    "/settings/appearance",
    "/settings/billing",
    "/settings/billing?plan=FREE",
    "/logout",
    "/projects/no-such-project",
]
