"""Texts that would run a script, break out of a page or be taken for a template if not escaped.

Each calls alert(), names another server or computes 49, so that a test sees when one has worked.
"""

import itertools
from collections.abc import Iterator

LONGEST_NAME = 100
ELSEWHERE = "//elsewhere.test/x"


def _tags() -> Iterator[str]:
    yield from (
        "<script>alert(1)</script>",
        "<SCRIPT>alert(1)</SCRIPT>",
        "<scr<script>ipt>alert(1)</scr</script>ipt>",
        "<script/x>alert(1)</script >",
        "<script\n>alert(1)</script\t>",
        f"<script src={ELSEWHERE}.js></script>",
        f"<script src='{ELSEWHERE}.js'>",
        "<script>alert`1`</script>",
        "<script type=module>alert(1)</script>",
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<template><img src=x onerror=alert(1)></template>",
        f"<link rel=stylesheet href={ELSEWHERE}.css>",
        f"<style>@import '{ELSEWHERE}.css';</style>",
        "<style>*{display:none}</style>",
        f"<base href={ELSEWHERE}/>",
        f"<meta http-equiv=refresh content='0;url={ELSEWHERE}'>",
        "<meta http-equiv=refresh content='0;javascript:alert(1)'>",
        f"<form action={ELSEWHERE}><button>Go</button></form>",
        "<form><button formaction=javascript:alert(1)>Go</button></form>",
        "<dialog open>Sign in again</dialog>",
        "<plaintext>",
        "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
        "<listing>&lt;img src=x onerror=alert(1)&gt;</listing>",
        "<!--><img src=x onerror=alert(1)-->",
        "<!-- --!><img src=x onerror=alert(1)> -->",
        "<![CDATA[<img src=x onerror=alert(1)>]]>",
        "<?xml version='1.0'?><img src=x onerror=alert(1)>",
        "</bdi></p></li></ul></main><img src=x onerror=alert(1)>",
        "</title><script>alert(1)</script>",
        "</textarea><script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "</style><script>alert(1)</script>",
        "<p hx-get=/settings/profile hx-trigger=load>",
        "<mb-reveal data-done=javascript:alert(1)><dialog></dialog></mb-reveal>",
        "<mb-copy data-text=x><button>Copy</button></mb-copy>",
        "<a href=/logout data-opens=shortcuts>Click</a>",
        "<isindex type=image src=1 onerror=alert(1)>",
        "<keygen autofocus onfocus=alert(1)>",
        "<bgsound src=javascript:alert(1)>",
        "<table background=javascript:alert(1)>",
        "<frameset onload=alert(1)>",
        f"<portal src={ELSEWHERE}></portal>",
    )


def _handlers() -> Iterator[str]:
    tags = (
        "img src=x",
        "video src=x",
        "input autofocus",
        "details open",
        "body",
        "svg",
        "x tabindex=0",
    )
    events = ("onerror", "onload", "onfocus", "ontoggle", "onanimationstart", "onpointerenter")
    for tag, event in itertools.product(tags, events):
        yield f"<{tag} {event}=alert(1)>"
    for quote, blank in itertools.product(("", '"', "'", "`"), (" ", "/", "\t", "\n", "\f")):
        yield f"<img{blank}src=x{blank}onerror={quote}alert(1){quote}>"


def _drawings() -> Iterator[str]:
    yield from (
        "<svg onload=alert(1)>",
        "<svg/onload=alert(1)>",
        "<svg><script>alert(1)</script></svg>",
        "<svg><script>alert&#40;1&#41;</script></svg>",
        f"<svg><script href={ELSEWHERE}.js /></svg>",
        "<svg><a xlink:href=javascript:alert(1)><text y=20>Click</text></a></svg>",
        "<svg><a><animate attributeName=href values=javascript:alert(1) /><text>C</text></a></svg>",
        "<svg><set attributeName=onmouseover to=alert(1)>",
        f"<svg><image href={ELSEWHERE}.png /></svg>",
        f"<svg><use href={ELSEWHERE}.svg#x /></svg>",
        "<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1) />#x' /></svg>",
        "<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<svg></p><style><a id='</style><img src=x onerror=alert(1)>'>",
        f"<svg><feImage href={ELSEWHERE}.png /></svg>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<math href=javascript:alert(1)>Click</math>",
        "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>C</maction></math>",
        "<math><annotation-xml encoding=text/html><img src=x onerror=alert(1)>",
        "<math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
    )


def _addresses() -> Iterator[str]:
    schemes = (
        "javascript",
        "JaVaScRiPt",
        "java\tscript",
        "java\nscript",
        " javascript",
        "vbscript",
    )
    for scheme in schemes:
        yield f"{scheme}:alert(1)"
        yield f"<a href='{scheme}:alert(1)'>Click</a>"
        yield f'<iframe src="{scheme}:alert(1)"></iframe>'
    yield from (
        "\u0001javascript:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A&#x61vascript&colon;alert(1)",
        "javascript&colon;alert&lpar;1&rpar;",
        "javascript://%0aalert(1)",
        "javascript:/*https://shop.example*/alert(1)",
        "data:text/html,<script>alert(1)</script>",
        "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
        "DATA:image/svg+xml,<svg onload=alert(1)>",
        "view-source:javascript:alert(1)",
        "blob:null/alert(1)",
        "feed:javascript:alert(1)",
        f"http:{ELSEWHERE}",
        f"{ELSEWHERE}",
        f"\\\\{ELSEWHERE[2:]}",
        "https://shop.example@elsewhere.test/",
    )


def _templates() -> Iterator[str]:
    for start, end in (
        ("{{", "}}"),
        ("${", "}"),
        ("#{", "}"),
        ("<%=", "%>"),
        ("{%", "%}"),
        ("[[", "]]"),
    ):
        yield f"{start}7*7{end}"
        yield f"{start} '7'*7 {end}"
    yield from (
        "{{ config }}",
        "{{ frame.secret }}",
        "{{ csrf_token() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{% include 'accounts/templates/profile.html' %}",
        "{% raw %}{{7*7}}{% endraw %}",
        "{# a comment #}",
        "%(count)s %(name)s %s %d %%",
        "{0} {name} {0.__class__}",
        "$(alert(1))",
        "@{7*7}",
        "*{7*7}",
        "~{7*7}",
        "<#assign x=7*7>${x}",
        "{{constructor.constructor('alert(1)')()}}",
        "{$smarty.version}",
    )


def _ends() -> Iterator[str]:
    closing = ('"', "'", "`", '">', "'>", "-->", "]]>", "*/", '\\"', "&quot;>", "&#39;>", "%22>")
    for end in closing:
        yield f"{end}<img src=x onerror=alert(1)>"
        yield f"{end} autofocus onfocus=alert(1) x={end}"
        yield f"{end};alert(1);//"


def _mixed() -> Iterator[str]:
    yield from (
        "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert(1) )//%0D%0A//</stYle/</titLe/"
        "</teXtarEa/</scRipt/--!>\\x3csVg/<sVg/oNloAd=alert(1)//>\\x3e",
        "'\"><img src=x onerror=alert(1)>{{7*7}}${7*7}",
        '"><svg/onload=alert(1)>\'"--></style></script><script>alert(1)</script>',
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&amp;lt;script&amp;gt;",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
        "\\x3cscript\\x3ealert(1)\\x3c/script\\x3e",
        "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
        "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
        "<scr\u200bipt>alert(1)</scr\u200bipt>",
        "\ufeff<script>alert(1)</script>",
        "\u202e<script>alert(1)</script>\u202c",
        "abc\u202ecba\u2066<b>\u2069",
        "a\u0300\u0301\u0302" * 20,
        "<b>" * 30,
        "&" * 90,
        "<" * 99,
        "W" * 100,
        "\ufffd\ufffe <img src=x onerror=alert(1)>",
        "\\0<img src=x onerror=alert(1)>",
        "%00<img src=x onerror=alert(1)>",
        "\u2028alert(1)\u2029",
        "\U0001f642<img src=x onerror=alert(1)>\U0001f642",
        "=cmd|' /C calc'!A0",
        "'; DROP TABLE feedback; --",
        "../../etc/passwd",
        "null",
        "undefined",
        "__proto__",
    )


PAYLOADS = sorted(
    {
        *_tags(),
        *_handlers(),
        *_drawings(),
        *_addresses(),
        *_templates(),
        *_ends(),
        *_mixed(),
    }
)
# Longer than any field: only messages take them.
OVERLONG = ["<img src=x onerror=alert(1)>" * 300, "W" * 9_999, "<i>" * 3_000]
# What reaches into attributes, titles and addresses; few, where each takes a page of its own.
CHOSEN = [
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus=alert(1) x='",
    "</title><script>alert(1)</script>",
    "javascript:alert(1)",
    "{{7*7}}",
    "{{ frame.secret }}",
    "%(count)s %(name)s %s %d %%",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u202e<script>alert(1)</script>\u202c",
]
