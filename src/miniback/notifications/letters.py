"""Letters of ours: what they say, as plain text and simple HTML, and how to have no more (T6)."""

from collections.abc import Sequence

from miniback import clock
from miniback.mail import Letter, Mailer
from miniback.notifications.chats.wording import headline, plain
from miniback.notifications.links import Links
from miniback.notifications.models import TEST, VERIFY, Target, Told
from miniback.shell import Shell

_FOLDER = "notifications/templates/mail/"
_MOST_SHOWN = 100
_LONGEST_MESSAGE = 10_000
_LONGEST_IN_DIGEST = 400


class Letters:
    """Writes letters in the server's language and sends them."""

    def __init__(self, mailer: Mailer, shell: Shell, links: Links, base_url: str) -> None:
        self._mailer = mailer
        self._shell = shell
        self._links = links
        self._base_url = base_url

    async def send(self, target: Target, event: str, told: Sequence[Told]) -> None:
        """Send what happened to an address, or the question whether it wants to know."""
        if event == VERIFY:
            await self._send_question(target)
            return
        stop = await self._links.unsubscribe(target)
        shown = [self._shown(each, is_alone=len(told) == 1) for each in told[:_MOST_SHOWN]]
        values = {
            "items": shown,
            "count": len(told),
            "more": len(told) - len(shown),
            "is_test": event == TEST,
            "inbox": f"{self._base_url}/inbox",
            "stop": stop,
        }
        subject = self._subject(told, is_test=event == TEST)
        await self._mailer.send(
            Letter(
                to=target.address,
                subject=subject,
                text=self._shell.text(_FOLDER + "feedback.txt", **values),
                html=self._shell.text(_FOLDER + "feedback.html", **values),
                # One press in the mail program, without a page (RFC 8058).
                headers=(
                    ("List-Unsubscribe", f"<{stop}>"),
                    ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
                ),
            )
        )

    async def _send_question(self, target: Target) -> None:
        link = await self._links.verify(target)
        subject = "Miniback: " + self._shell.translate("Confirm this address")
        text = self._shell.text(_FOLDER + "verify.txt", link=link)
        await self._mailer.send_or_log(Letter(target.address, subject, text), link)

    def _subject(self, told: Sequence[Told], *, is_test: bool) -> str:
        """Return a subject of our own words alone: no visitor's text comes into a header (T30)."""
        say = self._shell.translate
        if is_test:
            return "Miniback: " + say("A test")
        if len(told) == 1:
            changed = bool(told[0].previous_status)
            return "Miniback: " + (say("Feedback changed") if changed else say("New feedback"))
        return "Miniback: " + say("%(count)s pieces of feedback") % {"count": f"{len(told):,}"}

    def _shown(self, told: Told, *, is_alone: bool) -> dict[str, str]:
        longest = _LONGEST_MESSAGE if is_alone else _LONGEST_IN_DIGEST
        return {
            "headline": headline(told),
            "message": plain(told.message, longest),
            "page": plain(told.page, _LONGEST_IN_DIGEST),
            "at": clock.iso(told.happened_at),
            "link": told.link,
        }
