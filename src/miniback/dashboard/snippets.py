"""What people paste to have the widget on their site, for each kind of site (ux.md, ON1)."""

import json
from typing import Any, NamedTuple

from miniback import projects, widget
from miniback.projects import Project

# Where a reader's own goes; no page but one shows a key, or what looks like one.
_KEY = "YOUR_API_KEY"


class Snippet(NamedTuple):
    """Code for one kind of site: where it goes is a text of the catalogue."""

    name: str
    label: str
    where: str
    code: str


def snippets(project: Project, base_url: str) -> list[Snippet]:
    """Return the code for each kind of site, with this server's address and the slug in it."""
    src = f"{base_url}/w/{project.slug}.js"
    tag = f'<script async src="{src}"></script>'
    return [
        Snippet("html", "HTML", "Anywhere in the page, near its end at best.", tag),
        Snippet("react", "React", "In the component around all pages.", _react(src)),
        Snippet("vue", "Vue", "In the component around all others.", _vue(src)),
        Snippet("next", "Next.js", "In the root layout, inside its body.", _next(src)),
        Snippet("wordpress", "WordPress", "In the functions file of your theme.", _wordpress(src)),
        Snippet("curl", "curl", "From your own code, without a key.", _curl(project, base_url)),
    ]


def pinned(project: Project, base_url: str) -> str:
    """Return the tag for a site that takes no script unseen: one version, known by its hash."""
    return (
        f'<script async src="{base_url}{widget.versioned()}"\n'
        f'  integrity="{widget.integrity()}"\n'
        f'  crossorigin="anonymous" data-project="{project.slug}"></script>'
    )


def policy(base_url: str) -> str:
    """Return what a site with a Content-Security-Policy adds to it."""
    origin = projects.origin_of(base_url)
    return f"script-src {origin}; connect-src {origin}"


def assistant(base_url: str, *, has_mcp: bool) -> str:
    """Return what an assistant's settings say of this server, or of a command that asks it."""
    server: dict[str, Any] = {
        "type": "http",
        "url": f"{base_url}/mcp",
        "headers": {"Authorization": f"Bearer {_KEY}"},
    }
    if not has_mcp:
        variables = {"MINIBACK_URL": base_url, "MINIBACK_API_KEY": _KEY}
        server = {"command": "miniback", "args": ["mcp"], "env": variables}
    return json.dumps({"mcpServers": {"miniback": server}}, indent=2)


def _react(src: str) -> str:
    return f"""import {{ useEffect }} from "react";

export function Feedback() {{
  useEffect(() => {{
    const script = document.createElement("script");
    script.src = "{src}";
    script.async = true;
    document.head.append(script);
    return () => {{
      script.remove();
      window.miniback?.destroy?.();
    }};
  }}, []);
  return null;
}}"""


def _vue(src: str) -> str:
    return f"""<script setup>
import {{ onMounted, onUnmounted }} from "vue";

onMounted(() => {{
  const script = document.createElement("script");
  script.src = "{src}";
  script.async = true;
  document.head.append(script);
}});
onUnmounted(() => window.miniback?.destroy?.());
</script>"""


def _next(src: str) -> str:
    return f"""import Script from "next/script";

<Script src="{src}" strategy="afterInteractive" />"""


def _wordpress(src: str) -> str:
    return f"""add_action('wp_enqueue_scripts', function () {{
    wp_enqueue_script('miniback', '{src}', [], null, ['strategy' => 'async']);
}});"""


def _curl(project: Project, base_url: str) -> str:
    body = f'{{"message": "Hello from curl", "projectSlug": "{project.slug}"}}'
    return (
        f"curl -X POST {base_url}/api/feedback \\\n"
        '  -H "Content-Type: application/json" \\\n'
        f"  -d '{body}'"
    )
