"""Pages of a server that stands below a path of another site: their addresses begin with it.

Everything else in here writes addresses that begin at `/`. The guard takes the path off what is
asked for, and this puts it on what is sent (decision 34).
"""

import re

# What has an address in our templates and begins at the root. What people wrote cannot look so:
# the quotes in it are escaped.
_ADDRESS = re.compile(
    r'(\s(?:action|data-address|data-done|data-path|formaction|href|hx-(?:delete|get|patch|post|put)|src)=")'
    r"(?=/(?!/))"
)


def below(root: str, page: str) -> str:
    """Have the addresses in a page begin with a path, '' for none."""
    return _ADDRESS.sub(rf"\g<1>{root}", page) if root else page
