"""A stand-in for the notes of a GitLab merge request, asked over real HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from support.stand_in import TOKEN, StandIn, served

PATH = "/projects/5/merge_requests/7/notes"


@dataclass
class Notes:
    """The notes of merge request 7 of project 5, and what was asked."""

    found: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    url: str = ""

    def environment(self, **more: str) -> dict[str, str]:
        """What a job of a merge request finds in its environment."""
        return {
            "CI_API_V4_URL": self.url,
            "CI_PROJECT_ID": "5",
            "CI_MERGE_REQUEST_IID": "7",
        } | more


@contextmanager
def notes() -> Iterator[Notes]:
    """The notes while they can be asked."""
    state = Notes()

    class Handler(StandIn):
        def do_GET(self) -> None:
            self._note(f"{PATH}?per_page=100&sort=asc")
            self.answer(200, state.found)

        def do_POST(self) -> None:
            self._note(PATH)
            made = {"id": 100 + len(state.found), "body": self._body()}
            state.found.append(made)
            self.answer(200, made)

        def do_PUT(self) -> None:
            number = int(self.path.rpartition("/")[2])
            self._note(f"{PATH}/{number}")
            (one,) = [note for note in state.found if note["id"] == number]
            one["body"] = self._body()
            self.answer(200, one)

        def _note(self, path: str) -> None:
            state.asked.append((self.command, self.path))
            assert self.path == path
            assert self.headers["PRIVATE-TOKEN"] == TOKEN

        def _body(self) -> str:
            return parse_qs(self.sent().decode(), strict_parsing=True)["body"][0]

    with served(Handler) as state.url:
        yield state
