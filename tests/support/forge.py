"""A stand-in for the API of a forge, asked over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from support.stand_in import TOKEN, StandIn, served


@dataclass
class Forge:
    """The comments of pull request 7 of o/r, and what was asked.

    ``status`` answers everything that writes; ``location`` sends every reader elsewhere.
    """

    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    status: int = 0
    message: str = "no"
    location: str = ""
    url: str = ""

    def environment(self, **more: str) -> dict[str, str]:
        """What a job of a pull request finds in its environment."""
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": "o/r",
            "GITHUB_REF": "refs/pull/7/merge",
            "GITHUB_TOKEN": TOKEN,
        } | more


@contextmanager
def forge() -> Iterator[Forge]:
    """The forge while it can be asked."""
    state = Forge()

    class Handler(StandIn):
        def do_GET(self) -> None:
            self._note()
            if state.location:
                self.send_response(302)
                self.send_header("Location", state.location)
                self.end_headers()
                return
            query = parse_qs(urlsplit(self.path).query)
            size, page = int(query["per_page"][0]), int(query["page"][0])
            self.answer(200, state.comments[size * (page - 1) : size * page])

        def do_POST(self) -> None:
            self._note()
            body = self._body()
            if state.status:
                self.answer(state.status, {"message": state.message})
                return
            made = {"id": 1000 + len(state.comments), "user": {"type": "Bot"}, **body}
            state.comments.append(made)
            self.answer(201, made)

        def do_PATCH(self) -> None:
            self._note()
            body = self._body()
            if state.status:
                self.answer(state.status, {"message": state.message})
                return
            number = int(self.path.rpartition("/")[2])
            (found,) = [one for one in state.comments if one["id"] == number]
            found |= body
            self.answer(200, found)

        def _note(self) -> None:
            state.asked.append((self.command, self.path))
            assert self.headers["Authorization"] == f"Bearer {TOKEN}"

        def _body(self) -> dict[str, Any]:
            found: dict[str, Any] = json.loads(self.sent())
            return found

    with served(Handler) as state.url:
        yield state
