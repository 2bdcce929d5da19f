"""The comment on a pull request: one, kept up to date, by whoever has the right to write it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.command import chasm_, error_line, write
from support.forge import Forge, forge
from support.history import commit, repository
from support.stand_in import TOKEN

from chasm.errors import InputError
from chasm.report.review_markdown import MARKER
from chasm.reviewing.comment import NotAllowed, post_comment, target_of

TEXT = f"{MARKER}\nsaid"


@pytest.fixture
def api() -> Iterator[Forge]:
    """A forge without comments."""
    with forge() as state:
        yield state


def comment_of(number: int, body: str, **more: object) -> dict[str, object]:
    return {"id": number, "body": body, "user": {"type": "Bot"}} | more


def test_the_first_review_is_a_new_comment_and_the_next_one_replaces_it(api: Forge) -> None:
    target = target_of(api.environment())
    assert post_comment(target, TEXT) == "commented on pull request 7"
    assert post_comment(target, f"{TEXT} again") == "updated the comment on pull request 7"
    assert [one["body"] for one in api.comments] == [f"{TEXT} again"]


def test_without_anything_to_say_no_comment_is_begun(api: Forge) -> None:
    target = target_of(api.environment())
    assert post_comment(target, TEXT, begin=False) == "nothing to say on pull request 7"
    assert api.comments == []
    post_comment(target, TEXT)
    post_comment(target, f"{TEXT} nothing", begin=False)
    assert [one["body"] for one in api.comments] == [f"{TEXT} nothing"]


def test_the_comment_is_found_on_a_later_page(api: Forge) -> None:
    api.comments += [comment_of(n, f"words {n}") for n in range(1, 231)]
    api.comments.append(comment_of(500, TEXT))
    post_comment(target_of(api.environment()), f"{TEXT} again")
    assert api.comments[-1]["body"] == f"{TEXT} again"
    assert [way for way, _ in api.asked] == ["GET", "GET", "GET", "PATCH"]


def test_comments_of_strangers_and_words_that_quote_the_marker_are_left_alone(api: Forge) -> None:
    stranger = {"user": {"type": "User"}, "author_association": "NONE"}
    api.comments += [comment_of(1, TEXT, **stranger), comment_of(2, f"> {TEXT}")]
    post_comment(target_of(api.environment()), f"{TEXT} again")
    assert [one["body"] for one in api.comments] == [TEXT, f"> {TEXT}", f"{TEXT} again"]


@pytest.mark.parametrize("status", [403, 404])
def test_no_right_to_write_is_told_apart(api: Forge, status: int) -> None:
    api.status, api.message = status, f"Resource not accessible by {TOKEN}"
    with pytest.raises(NotAllowed) as caught:
        post_comment(target_of(api.environment()), TEXT)
    assert str(caught.value) == f"the API says {status} to POST (Resource not accessible by ***)"


def test_a_fault_of_the_api_is_one_line(api: Forge) -> None:
    api.status, api.message = 500, "broken\n::error::x"
    with pytest.raises(InputError, match=r"^--comment: the API says 500 to POST \(broken") as one:
        post_comment(target_of(api.environment()), TEXT)
    assert "\n" not in str(one.value)


def test_nobody_else_gets_the_token(api: Forge) -> None:
    with forge() as other:
        api.location = f"{other.url}/elsewhere?per_page=1&page=1"
        with pytest.raises(InputError, match="302"):
            post_comment(target_of(api.environment()), TEXT)
        assert other.asked == []


def test_an_api_that_cannot_be_reached_is_one_line(api: Forge) -> None:
    target = target_of(api.environment(GITHUB_API_URL="http://127.0.0.1:9"))
    with pytest.raises(InputError, match="cannot be reached"):
        post_comment(target, TEXT)
    assert TOKEN not in repr(target)


WRONG = {
    "GITHUB_TOKEN": ("", "GITHUB_TOKEN is not set"),
    "GITHUB_REPOSITORY": ("../x", "names no repository"),
    "GITHUB_API_URL": ("http://forge.example", "does not begin with https://"),
    "GITHUB_REF": ("refs/heads/main", "does not run for a pull request"),
}


@pytest.mark.parametrize("name", WRONG)
def test_an_environment_that_is_none_is_one_line(name: str) -> None:
    value, told = WRONG[name]
    with pytest.raises(InputError, match=told):
        target_of(Forge(url="https://forge.example").environment(**{name: value}))


def test_the_number_is_in_the_event_when_the_reference_has_none(tmp_path: Path) -> None:
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"pull_request": {"number": 12}}), encoding="utf-8")
    environment = Forge(url="https://forge.example").environment(
        GITHUB_REF="refs/heads/x", GITHUB_EVENT_PATH=str(event)
    )
    assert target_of(environment).number == 12


@pytest.fixture
def changed(own_folder: None) -> None:
    """A repository in which a notebook changed since the last commit."""
    repository(Path())
    write("a.ipynb", "rows = [3, 4]", "print(len(rows))")
    commit(Path(), "one")
    write("a.ipynb", "rows = [3, 4, 5]", "print(len(rows))")


def setting(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> Path:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    summary = Path("summary.md").absolute()
    summary.write_text("before\n", encoding="utf-8")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(summary))
    return summary


@pytest.mark.usefixtures("changed")
def test_the_command_comments_and_adds_to_the_summary(
    api: Forge, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = setting(monkeypatch, api.environment())
    result = chasm_("review", "--base", "HEAD", "--summary", "--comment")
    assert result.exit_code == 0
    assert result.stderr == "commented on pull request 7\n"
    (one,) = api.comments
    assert one["body"].startswith(f"{MARKER}\n### chasm review\n\n1 notebook changed: 1 change")
    assert summary.read_text(encoding="utf-8") == f"before\n{one['body']}\n"
    assert TOKEN not in result.output


@pytest.mark.usefixtures("changed")
def test_a_fork_has_the_summary_alone(api: Forge, monkeypatch: pytest.MonkeyPatch) -> None:
    api.status = 403
    summary = setting(monkeypatch, api.environment())
    result = chasm_("review", "--base", "HEAD", "--summary", "--comment")
    assert result.exit_code == 0
    assert result.stderr == "no comment: the API says 403 to POST (no)\n"
    assert MARKER in summary.read_text(encoding="utf-8")


@pytest.mark.usefixtures("changed")
def test_a_summary_without_a_place_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    result = chasm_("review", "--base", "HEAD", "--summary", "--output-file", "x")
    assert "names no file" in error_line(result)
