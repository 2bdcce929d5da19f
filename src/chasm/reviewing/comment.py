"""One comment on a pull request that is written anew with each review, over GitHub's REST API."""

import json
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from chasm.errors import InputError
from chasm.read.files import printable, read_text
from chasm.report.review_markdown import MARKER

API = "https://api.github.com"
REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+")
#: Who may not write to the repository cannot pass a comment off as chasm's.
TRUSTED = ("OWNER", "MEMBER", "COLLABORATOR")
LOOPBACK = ("localhost", "127.0.0.1", "::1")
PAGE = 100
MAX_PAGES = 100
TIMEOUT = 30
MAX_ANSWER = 50_000_000


class NotAllowed(InputError):
    """There is no right to write the comment: a fork's pull request, or no token."""


@dataclass(frozen=True, slots=True)
class Target:
    """A pull request, and the right to comment on it; the token is never shown."""

    api: str
    repository: str
    number: int
    token: str = field(repr=False)


def target_of(environment: Mapping[str, str]) -> Target:
    """The pull request that a job of GitHub Actions runs for."""
    token = environment.get("GITHUB_TOKEN", "").strip()
    if not token:
        raise NotAllowed("GITHUB_TOKEN is not set")
    repository = environment.get("GITHUB_REPOSITORY", "")
    if not REPOSITORY.fullmatch(repository) or ".." in repository:
        raise InputError("--comment: GITHUB_REPOSITORY names no repository")
    api = environment.get("GITHUB_API_URL", API).rstrip("/")
    place = urlsplit(api)
    if place.scheme != "https" and not (place.scheme == "http" and place.hostname in LOOPBACK):
        raise InputError("--comment: GITHUB_API_URL does not begin with https://")
    return Target(api, repository, _number(environment), token)


def _number(environment: Mapping[str, str]) -> int:
    match = re.fullmatch(r"refs/pull/([0-9]+)/(merge|head)", environment.get("GITHUB_REF", ""))
    if match:
        return int(match.group(1))
    event: Any = {}
    if path := environment.get("GITHUB_EVENT_PATH"):
        try:
            event = json.loads(read_text(Path(path))[0])
        except ValueError:
            raise InputError("--comment: GITHUB_EVENT_PATH holds no JSON") from None
    for key in ("pull_request", "issue"):
        part = event.get(key) if isinstance(event, dict) else None
        number = part.get("number") if isinstance(part, dict) else None
        if isinstance(number, int) and not isinstance(number, bool):
            return number
    raise InputError("--comment: this job does not run for a pull request")


def post_comment(target: Target, text: str, begin: bool = True) -> str:
    """Write ``text`` over the comment of an earlier review, or ``begin`` one; says which.

    Raises :class:`NotAllowed` where the token has no right to, else :class:`InputError`.
    """
    comments = f"/repos/{target.repository}/issues"
    known = _earlier(target)
    body = {"body": text}
    if known is None and not begin:
        return f"nothing to say on pull request {target.number}"
    if known is None:
        _ask(target, "POST", f"{comments}/{target.number}/comments", body)
        return f"commented on pull request {target.number}"
    _ask(target, "PATCH", f"{comments}/comments/{known}", body)
    return f"updated the comment on pull request {target.number}"


def _earlier(target: Target) -> int | None:
    """The number of the comment that an earlier review has left."""
    way = f"/repos/{target.repository}/issues/{target.number}/comments"
    for page in range(1, MAX_PAGES + 1):
        found = _ask(target, "GET", f"{way}?per_page={PAGE}&page={page}")
        if not isinstance(found, list):
            raise InputError("--comment: the API gave no list of comments")
        for one in found:
            if isinstance(one, dict) and _is_ours(one) and isinstance(one.get("id"), int):
                return int(one["id"])
        if len(found) < PAGE:
            return None
    return None


def _is_ours(comment: dict[str, Any]) -> bool:
    user = comment.get("user")
    machine = isinstance(user, dict) and user.get("type") == "Bot"
    trusted = machine or comment.get("author_association") in TRUSTED
    return trusted and str(comment.get("body") or "").startswith(MARKER)


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The token goes to the one host that it is for."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _ask(target: Target, method: str, way: str, body: Mapping[str, str] | None = None) -> Any:
    request = urllib.request.Request(
        target.api + way,
        data=json.dumps(body).encode("utf-8") if body is not None else None,
        method=method,
        headers={
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {target.token}",
            "Content-Type": "application/json",
            "User-Agent": "chasm",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    opener = urllib.request.build_opener(_NoRedirect)
    try:
        with opener.open(request, timeout=TIMEOUT) as answer:
            data = answer.read(MAX_ANSWER)
    except urllib.error.HTTPError as error:
        raise _refusal(error, method, target) from None
    except (OSError, ValueError, urllib.error.URLError) as error:
        reason = getattr(error, "reason", error)
        text = f"--comment: the API cannot be reached ({printable(str(reason), 120)})"
        raise InputError(text.replace(target.token, "***")) from None
    try:
        return json.loads(data) if data else None
    except ValueError:
        raise InputError("--comment: the API's answer is no JSON") from None


def _refusal(error: urllib.error.HTTPError, method: str, target: Target) -> InputError:
    try:
        said = json.loads(error.read(100_000)).get("message", "")
    except (ValueError, OSError, AttributeError):
        said = ""
    shown = printable(str(said), 120).replace(target.token, "***")
    text = f"the API says {error.code} to {method}{f' ({shown})' if shown else ''}"
    limited = error.headers.get("x-ratelimit-remaining") == "0" or error.headers.get("retry-after")
    if error.code in (403, 404) and not limited:
        return NotAllowed(text)
    return InputError(f"--comment: {text}")
