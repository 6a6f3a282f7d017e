"""Who may ask: a browser on this machine that was given the address, and nothing that another site makes it send.

Source: OWASP cheat sheets on cross-site request forgery and content security policy; the check of the Host header against
DNS rebinding.
"""

import secrets
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
MOST_BYTES: Final = 256 * 1024
"""Of a request. [byte]"""
NAMES: Final = ("127.0.0.1", "localhost")


class Keys:
    """The token of the address, good for one use, and the keys of sessions that it was given for.

    A browser sends cookies of one local server to every other one on the machine, so the key of a session is no cookie:
    the page keeps it for its own origin, port included, and sends it in a header.
    """

    def __init__(self) -> None:
        self.token: str | None = secrets.token_urlsafe(24)
        self._sessions: list[str] = []

    def session_for(self, token: str) -> str | None:
        """The key of a new session; None where the token is not the one, or has been used."""
        if self.token is None or not secrets.compare_digest(token.encode(), self.token.encode()):
            return None
        self.token = None
        self._sessions.append(secrets.token_urlsafe(32))
        return self._sessions[-1]

    def opens(self, authorization: str) -> bool:
        """Whether a header carries the key of a session."""
        kind, _, key = authorization.partition(" ")
        return kind == "Bearer" and any(
            secrets.compare_digest(key.encode(), each.encode()) for each in self._sessions
        )


class Guard:
    """Every request goes through here first, and every response leaves with the headers above."""

    def __init__(self, app: ASGIApp, keys: Keys, port: int, open_paths: Iterable[str]) -> None:
        self._app = app
        self._keys = keys
        self._hosts = {f"{name}:{port}" for name in NAMES}
        self._open = frozenset(open_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refusal = self._refusal(Request(scope))
        await (self._app if refusal is None else refusal)(scope, receive, guarded)

    def _refusal(self, request: Request) -> Response | None:
        headers, host = request.headers, request.headers.get("host", "")
        if host not in self._hosts:
            return said(421, "This page is for this machine alone; ask for it by its address, 127.0.0.1.")
        origin = headers.get("origin")
        if (origin is not None and not _same(origin, host)) or headers.get(
            "sec-fetch-site", "same-origin"
        ) not in ("same-origin", "none"):
            return said(403, "Another site may not ask this page.")
        if request.method not in ("GET", "HEAD") and not _is_json(headers):
            return said(415, "Requests are JSON.")
        if int_or(headers.get("content-length"), 0) > MOST_BYTES:
            return said(413, f"A request has at most {MOST_BYTES:,} bytes.")
        if request.url.path not in self._open and not self._keys.opens(headers.get("authorization", "")):
            return said(401, "Open the address that csmsim app printed; it is good for one browser.")
        return None


def said(status: int, sentence: str) -> Response:
    """A refusal, as a sentence."""
    return JSONResponse({"sentence": sentence}, status_code=status)


def int_or(text: str | None, other: int) -> int:
    """The number of a header; what is none counts as too much."""
    if text is None:
        return other
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else MOST_BYTES + 1


def _same(origin: str, host: str) -> bool:
    parts = urlsplit(origin)
    return parts.scheme == "http" and parts.netloc == host


def _is_json(headers: Headers) -> bool:
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
