"""Requests whose end two readers might see at different places (T24)."""

from collections.abc import Callable

from tests.fuzz.wire import LAST_CHUNK, chunk, head, said, whole
from tests.house import Account

Written = Callable[[Account, str], bytes]
CHUNKED = b"transfer-encoding: chunked"


def _hidden(account: Account, marker: str) -> bytes:
    """The request that nobody must see behind the first one's end."""
    return whole(account, f"{marker} hidden")


def _ended_twice(*lines: bytes, line: bytes = b"") -> Written:
    """Let the body end with its last chunk to one reader, and with its length to another."""

    def write(account: Account, marker: str) -> bytes:
        body = LAST_CHUNK + _hidden(account, marker)
        sized = [each.replace(b"LENGTH", b"%d" % len(body)) for each in lines]
        return (
            head(account, *sized, line=line.replace(b"PATH", account.feedback_path.encode())) + body
        )

    return write


def _sized(*lines: bytes, line: bytes = b"") -> Written:
    """Say how long the first body is in an odd way, and let a request follow."""

    def write(account: Account, marker: str) -> bytes:
        body = said(f"{marker} first")
        sized = [each.replace(b"LENGTH", b"%d" % len(body)) for each in lines]
        first = line.replace(b"PATH", account.feedback_path.encode())
        return head(account, *sized, line=first) + body + _hidden(account, marker)

    return write


def _chunks(change: Callable[[bytes, bytes], bytes]) -> Written:
    """Write the chunks of a first body in an odd way, and let a request follow."""

    def write(account: Account, marker: str) -> bytes:
        hidden = _hidden(account, marker)
        return head(account, CHUNKED) + change(said(f"{marker} first"), hidden)

    return write


def _raw(change: Callable[[bytes], bytes]) -> Written:
    """Spoil the head of a request that is right but for that, and let another follow."""

    def write(account: Account, marker: str) -> bytes:
        return change(whole(account, f"{marker} first")) + _hidden(account, marker)

    return write


# Each is no HTTP, to the letter: the first request is refused, and nothing behind it is read.
REFUSED: dict[str, Written] = {
    "length and chunks": _ended_twice(b"content-length: LENGTH", CHUNKED),
    "chunks and length": _ended_twice(CHUNKED, b"content-length: LENGTH"),
    "chunks and length 0": _ended_twice(CHUNKED, b"content-length: 0"),
    "xchunked": _ended_twice(b"content-length: LENGTH", b"transfer-encoding: xchunked"),
    "blank before the colon": _ended_twice(
        b"content-length: LENGTH", b"transfer-encoding : chunked"
    ),
    "blank before the name": _ended_twice(
        b"content-length: LENGTH", b" transfer-encoding: chunked"
    ),
    "tab before the value": _ended_twice(b"content-length: LENGTH", b"transfer-encoding:\tchunked"),
    "chunked, then x": _ended_twice(b"content-length: LENGTH", CHUNKED, b"transfer-encoding: x"),
    "x, then chunked": _ended_twice(b"content-length: LENGTH", b"transfer-encoding: x", CHUNKED),
    "a bare LF before it": _ended_twice(b"content-length: LENGTH", b"x: x\n" + CHUNKED),
    "the name on two lines": _ended_twice(
        b"content-length: LENGTH", b"transfer-encoding\r\n: chunked"
    ),
    "the value on two lines": _ended_twice(
        b"content-length: LENGTH", b"transfer-encoding:\r\n chunked"
    ),
    "chunked, identity": _ended_twice(
        b"content-length: LENGTH", b"transfer-encoding: chunked, identity"
    ),
    "identity": _ended_twice(b"content-length: LENGTH", b"transfer-encoding: identity"),
    "chunked in quotes": _ended_twice(b"content-length: LENGTH", b'transfer-encoding: "chunked"'),
    "vertical tab": _ended_twice(b"content-length: LENGTH", b"transfer-encoding: \x0bchunked"),
    "NUL behind": _ended_twice(b"content-length: LENGTH", b"transfer-encoding: chunked\0"),
    "chunks twice": _ended_twice(CHUNKED, CHUNKED, b"content-length: LENGTH"),
    "two lengths": _sized(b"content-length: LENGTH", b"content-length: 5"),
    "two lengths, the other way": _sized(b"content-length: 5", b"content-length: LENGTH"),
    "the same length twice": _sized(b"content-length: LENGTH", b"content-length: LENGTH"),
    "a list of lengths": _sized(b"content-length: LENGTH, LENGTH"),
    "a length with a sign": _sized(b"content-length: +LENGTH"),
    "a negative length": _sized(b"content-length: -1"),
    "a hexadecimal length": _sized(b"content-length: 0xLENGTH"),
    "an exponent": _sized(b"content-length: 1e1"),
    "two numbers": _sized(b"content-length: LENGTH 5"),
    "a length beyond 64 bits": _sized(b"content-length: 18446744073709551617"),
    "a length beyond all": _sized(b"content-length: 1" + b"0" * 30),
    "no number": _sized(b"content-length: all"),
    "blank before the colon of the length": _sized(b"content-length : LENGTH"),
    "a length on two lines": _sized(b"content-length:\r\n LENGTH"),
    "a length cut by NUL": _sized(b"content-length: LENGTH\0"),
    "a folded header": _sized(b"content-length: LENGTH", b"x: a\r\n b"),
    "a header without a colon": _sized(b"content-length: LENGTH", b"nothing"),
    "a header without a name": _sized(b"content-length: LENGTH", b": a"),
    "NUL in a header": _sized(b"content-length: LENGTH", b"x: a\0b"),
    "a bare CR in a header": _sized(b"content-length: LENGTH", b"x: a\rtransfer-encoding: chunked"),
    "an unknown method": _sized(b"content-length: LENGTH", line=b"FOO PATH HTTP/1.1"),
    "a method in lower case": _sized(b"content-length: LENGTH", line=b"post PATH HTTP/1.1"),
    "HTTP/1.1 of another kind": _sized(b"content-length: LENGTH", line=b"POST PATH HTTP/1.1x"),
    "a tab in the first line": _sized(b"content-length: LENGTH", line=b"POST\tPATH HTTP/1.1"),
    "raw bytes in the path": _sized(b"content-length: LENGTH", line=b"POST PATH\xff HTTP/1.1"),
    "line feeds alone": _raw(lambda sent: sent.replace(b"\r\n", b"\n")),
    "a negative chunk": _chunks(
        lambda body, hidden: b"-1\r\n" + body + b"\r\n" + LAST_CHUNK + hidden
    ),
    "a chunk with 0x": _chunks(lambda body, hidden: b"0x" + chunk(body) + LAST_CHUNK + hidden),
    "a chunk beyond 64 bits": _chunks(
        lambda body, hidden: b"1" + b"0" * 16 + b"\r\n" + body + hidden
    ),
    "a chunk of no number": _chunks(lambda body, hidden: b"zz\r\n" + body + b"\r\n" + hidden),
    "a chunk that is too short": _chunks(lambda body, hidden: b"2\r\n" + body + b"\r\n" + hidden),
    "no break behind a chunk": _chunks(lambda body, hidden: chunk(body)[:-2] + LAST_CHUNK + hidden),
    "a line feed behind a size": _chunks(
        lambda body, hidden: b"%x\n%b\r\n" % (len(body), body) + LAST_CHUNK + hidden
    ),
}
# Each has one reading that all share: one request, and what follows lies in its body or is refused.
ONE: dict[str, Written] = {
    "a request as the body of a GET": lambda account, marker: (
        head(
            account,
            b"content-length: %d" % len(_hidden(account, marker)),
            line=b"GET %b HTTP/1.1" % account.feedback_path.encode(),
        )
        + _hidden(account, marker)
    ),
    "a request as the body of a HEAD": lambda account, marker: (
        head(
            account,
            b"content-length: %d" % len(_hidden(account, marker)),
            line=b"HEAD %b HTTP/1.1" % account.feedback_path.encode(),
        )
        + _hidden(account, marker)
    ),
    "a request as a body": lambda account, marker: (
        head(account, b"content-length: %d" % len(_hidden(account, marker)))
        + _hidden(account, marker)
    ),
    "another name for chunks": _ended_twice(
        b"content-length: LENGTH", b"transfer_encoding: chunked"
    ),
    "HTTP/1.0 with chunks": _ended_twice(CHUNKED, line=b"POST PATH HTTP/1.0"),
    "a tunnel": _sized(b"content-length: LENGTH", line=b"CONNECT test:80 HTTP/1.1"),
}
