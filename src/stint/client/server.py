"""One Stint server over HTTP: requests with a time limit, answers as values, refusals as exceptions.

It stands on `http.client`, because the terminal answers in a blink: importing an HTTP library costs most of that.
"""

from __future__ import annotations

import http.client
import json
import random
import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from stint import __version__
from stint.client.words import _

ROOT = "/api/v1"
CONNECT_SECONDS = 10.0
EXCHANGE_SECONDS = 30.0
LARGEST_BODY = 64 * 1024 * 1024
TRIES = 3
LONGEST_PAUSE = 5.0
_HOST = re.compile(r"[\w.-]+|[\da-f:.]+")


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent: `path` from the root of the API on, `version` as If-Match."""

    method: str
    path: str
    body: Mapping[str, Any] | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back. Status 0: nothing, or nothing of Stint's; `fault` says so as a sentence.

    `retry_after` is in seconds, `date` the server's clock in milliseconds, to the second.
    """

    status: int
    body: Any = None
    retry_after: float | None = None
    date: float | None = None
    fault: str = ""


class Refused(Exception):
    """A call that did not succeed; `str()` is a sentence, `status` 0 where no Stint answered."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(sentence_of(reply))
        self.status = reply.status
        self.errors: list[dict[str, str]] = _errors_of(reply)


class BadAddress(ValueError):
    """What was given as the address of a server is none; `str()` says what one looks like."""


def address_of(text: str) -> str:
    """Return the address of a server as it is used: scheme and host, without a path.

    Without a scheme it is https, or http on this very machine.

    Raises:
        BadAddress: it is no such address.

    """
    given = text.strip()
    if "://" not in given:
        given = f"{'http' if _is_here(urlsplit(f'//{given}').hostname or '') else 'https'}://{given}"
    try:
        parts = urlsplit(given)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    named = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "") and not parts.username
    if not named or parts.path not in ("", "/") or parts.query:
        raise BadAddress(
            _("%s is not the address of a server; it looks like https://stint.example.com, without a path")
            % text
        )
    host = f"[{parts.hostname}]" if ":" in str(parts.hostname) else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def travels_open(address: str) -> bool:
    """Tell whether a token sent to this address can be read on the way."""
    parts = urlsplit(address)
    return parts.scheme == "http" and not _is_here(parts.hostname or "")


def sentence_of(reply: Reply) -> str:
    """Return what a refusal, or silence, says to a person."""
    if reply.fault:
        return reply.fault
    errors = _errors_of(reply)
    if errors:
        return "; ".join(f"{error['field']} {error['message']}" for error in errors)
    if isinstance(reply.body, dict) and reply.body.get("detail"):
        return str(reply.body["detail"])
    return _("the server answered with status %s") % reply.status


class Server:
    """A server as one person uses it, from one program; any thread may call it, one at a time.

    Args:
        address: as `address_of` returns it.
        token: an API token; it goes to this address alone, redirects are not followed.
        client: the surface: cli or desktop.
        user_id: whose token it is, where that is known.

    """

    def __init__(self, address: str, token: str, client: str, user_id: int | None = None) -> None:
        self.address, self.user_id = address, user_id
        self._token, self._client = token, client
        self._lock = threading.Lock()
        self._connection: http.client.HTTPConnection | None = None

    @property
    def whose(self) -> str:
        """A name for what is kept of this server and person."""
        return f"{self.address} {self.user_id}"

    def has_token_ending(self, hint: str) -> bool:
        """Tell whether the token it uses ends so."""
        return self._token.endswith(hint)

    def call(self, method: str, path: str, body: Mapping[str, Any] | None = None, **query: object) -> Any:  # noqa: ANN401
        """Return the JSON that the API answers; a GET is tried a few times where the server is away or busy.

        Raises:
            Refused: it was not carried out, or nobody knows.

        """
        given = {name.rstrip("_"): value for name, value in query.items() if value is not None}
        request = Request(method, path + (f"?{urlencode(given)}" if given else ""), body)
        tries = TRIES if method == "GET" else 1
        for attempt in range(tries):
            reply = self.send(request)
            if 200 <= reply.status < 300:
                return reply.body
            pause = max(2**attempt * 0.3 * random.uniform(1, 1.5), reply.retry_after or 0)  # noqa: S311  (spreads tries)
            if reply.status not in (429, 502, 503, 504) or attempt == tries - 1 or pause > LONGEST_PAUSE:
                break
            time.sleep(pause)
        raise Refused(reply)

    def send(self, request: Request) -> Reply:
        """Send one request and return whatever came back, within `EXCHANGE_SECONDS`; never raises for the network."""
        with self._lock:
            reused = self._connection is not None
            try:
                return self._exchange(request)
            except (http.client.HTTPException, OSError, ValueError) as fault:
                self._close()
                if not (reused and isinstance(fault, http.client.RemoteDisconnected | ConnectionError)):
                    return Reply(0, fault=self._told(fault))
            try:
                # The connection had been closed while nothing was said; a fresh one tells more.
                return self._exchange(request)
            except (http.client.HTTPException, OSError, ValueError) as fault:
                self._close()
                return Reply(0, fault=self._told(fault))

    def stream(
        self, path: str, headers: Mapping[str, str], silence: float
    ) -> tuple[http.client.HTTPResponse, socket.socket]:
        """Open a stream on a connection of its own, and return it with its socket, by which another thread ends it.

        Reading it raises TimeoutError after so many seconds of silence.

        Raises:
            OSError, http.client.HTTPException: the network failed.

        """
        connection, prefix = self._connect()
        opened: socket.socket = connection.sock
        opened.settimeout(silence)
        connection.request("GET", f"{prefix}{ROOT}{path}", headers={**self._headers(), **headers})
        return connection.getresponse(), opened

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._close()

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _exchange(self, request: Request) -> Reply:
        ends = time.monotonic() + EXCHANGE_SECONDS
        if self._connection is None:
            self._connection, self._prefix = self._connect()
        headers, content = self._headers(), None
        if request.body is not None:
            content = json.dumps(request.body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        if request.version is not None:
            headers["If-Match"] = str(request.version)
        self._connection.request(request.method, f"{self._prefix}{ROOT}{request.path}", content, headers)
        response = self._connection.getresponse()
        body = _body(response, ends)
        response.close()  # an empty read does not tell http.client that the connection is free again
        if response.will_close:
            self._close()
        return self._reply(response, body)

    def _headers(self) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {self._token}",
            "Accept": "application/json",
            "X-Stint-Client": self._client,
            "User-Agent": f"Stint/{__version__} ({self._client})",
        }
        if self.user_id is not None:
            headers["X-Stint-User"] = str(self.user_id)
        return headers

    def _connect(self) -> tuple[http.client.HTTPConnection, str]:
        """Return a connection, by the proxy that this machine names, and what goes before each path."""
        parts = urlsplit(self.address)
        host, secure = parts.hostname or "", parts.scheme == "https"
        proxy = None if _is_here(host) else _proxy_for(parts.scheme, host)
        to = urlsplit(proxy) if proxy else parts
        kind: Callable[..., http.client.HTTPConnection] = http.client.HTTPConnection
        if secure:
            kind = http.client.HTTPSConnection
        connection = kind(to.hostname, to.port, timeout=CONNECT_SECONDS)
        if proxy and secure:
            connection.set_tunnel(host, parts.port or 443)
        connection.connect()
        connection.sock.settimeout(EXCHANGE_SECONDS)
        return connection, self.address if proxy and not secure else ""

    def _reply(self, response: http.client.HTTPResponse, body: bytes) -> Reply:
        kind = response.headers.get_content_type()
        stint = kind in ("application/json", "application/problem+json")
        if response.status != 204 and not stint and response.status < 500:
            return Reply(0, fault=self._foreign(response))
        return Reply(
            response.status,
            json.loads(body) if stint and body else None,
            _seconds(response.headers.get("Retry-After")),
            _milliseconds(response.headers.get("Date")),
        )

    def _foreign(self, response: http.client.HTTPResponse) -> str:
        to = urlsplit(response.headers.get("Location") or "")
        here = urlsplit(self.address)
        if 300 <= response.status < 400 and to.scheme == "https" and here.scheme == "http":
            return _("%(address)s sends on to https; use https://%(host)s") % {
                "address": self.address,
                "host": to.netloc,
            }
        return _not_stint() % self.address

    def _told(self, fault: Exception) -> str:
        match fault:
            case ssl.SSLCertVerificationError():
                sentence = _("the certificate of %s is not trusted here")
            case ssl.SSLError():
                sentence = _("%s does not speak TLS; is it http?")
            case socket.gaierror():
                sentence = _("%s: there is no such host, or no network")
            case TimeoutError():
                sentence = _("%s did not answer in time")
            case ConnectionRefusedError():
                sentence = _("nothing answers at %s")
            case ValueError() | http.client.HTTPException():
                sentence = _not_stint()
            case _other:
                sentence = _("%s cannot be reached")
        return sentence % self.address


def _not_stint() -> str:
    return _("%s does not answer as a Stint server does; check the address, and any proxy in between")


def _body(response: http.client.HTTPResponse, ends: float) -> bytes:
    parts, size = [], 0
    while part := response.read1(65_536):
        parts.append(part)
        size += len(part)
        if size > LARGEST_BODY:
            raise ValueError("the answer does not end")
        if time.monotonic() > ends:
            raise TimeoutError
    return b"".join(parts)


def _errors_of(reply: Reply) -> list[dict[str, str]]:
    errors = reply.body.get("errors") if isinstance(reply.body, dict) else None
    return errors if isinstance(errors, list) else []


def _seconds(header: str | None) -> float | None:
    try:
        return max(0.0, float(header)) if header else None
    except ValueError:
        return None


def _milliseconds(header: str | None) -> float | None:
    try:
        return parsedate_to_datetime(header).timestamp() * 1000 if header else None
    except (ValueError, OverflowError):
        return None


def _is_here(host: str) -> bool:
    return host.strip("[]") in ("localhost", "::1") or host.startswith("127.")


def _proxy_for(scheme: str, host: str) -> str | None:
    from urllib.request import getproxies, proxy_bypass

    proxy = getproxies().get(scheme)
    if not proxy or proxy_bypass(host):
        return None
    return proxy if "://" in proxy else f"http://{proxy}"
