"""A project goes onto the disk as a whole or not at all, and over nothing that is not chasm's."""

import os
from pathlib import Path

import pytest
from support.folders import MANIFEST, tree
from support.placed import FILES, NEXT, assert_no_leftovers, contents

from chasm.errors import InputError
from chasm.place import changes_of, write_project


def test_a_new_folder_is_written_with_its_parents(tmp_path: Path) -> None:
    folder = tmp_path / "some" / "where"
    changes = write_project(FILES, folder)
    assert contents(folder) == FILES
    assert (changes.new, changes.changed, changes.removed) == (tuple(FILES), (), ())
    assert_no_leftovers(folder)


def test_only_what_changed_is_written_and_what_is_stale_is_removed(project: Path) -> None:
    kept = project / "src" / "p" / "a.py"
    before = kept.stat().st_ino, kept.stat().st_mtime_ns
    changes = write_project(NEXT, project)
    assert contents(project) == NEXT
    assert (changes.new, changes.changed, changes.removed) == (
        ("src/p/c.py",),
        ("README.md",),
        ("src/p/b.py",),
    )
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == before
    assert_no_leftovers(project)


def test_the_same_again_touches_nothing(project: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    assert not write_project(FILES, project)
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before


def test_an_edited_file_is_refused_by_name(project: Path) -> None:
    (project / "README.md").write_text("mine\n", encoding="utf-8")
    before = tree(project)
    with pytest.raises(InputError, match=r"README\.md .*--force"):
        write_project(NEXT, project)
    assert tree(project) == before
    assert changes_of(NEXT, project).edited == ("README.md",)


def test_a_file_of_somebody_else_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "project" / "src" / "p").mkdir(parents=True)
    (tmp_path / "project" / "src" / "p" / "a.py").write_bytes(b"\xff\xfe not even text")
    with pytest.raises(InputError, match=r"src/p/a\.py"):
        write_project(FILES, tmp_path / "project")
    assert not (tmp_path / "project" / "README.md").exists()


def test_force_writes_over_edited_files(project: Path) -> None:
    (project / "README.md").write_text("mine\n", encoding="utf-8")
    write_project(NEXT, project, force=True)
    assert contents(project) == NEXT


def test_an_edited_stale_file_and_a_file_of_the_user_stay(project: Path) -> None:
    (project / "src" / "p" / "b.py").write_text("b = 3\n", encoding="utf-8")
    (project / "notes.txt").write_text("mine\n", encoding="utf-8")
    write_project(NEXT, project)
    kept = {"src/p/b.py": "b = 3\n", "notes.txt": "mine\n"}
    assert contents(project) == NEXT | kept


def test_a_deleted_file_comes_back(project: Path) -> None:
    (project / "README.md").unlink()
    assert write_project(FILES, project).new == ("README.md",)
    assert contents(project) == FILES


@pytest.mark.parametrize("manifest", ["", "[]", '{"files": 3}', '{"files": {"README.md": 1}}'])
def test_without_a_readable_manifest_every_file_is_somebody_elses(
    project: Path, manifest: str
) -> None:
    (project / MANIFEST).write_text(manifest, encoding="utf-8")
    with pytest.raises(InputError, match=r"README\.md"):
        write_project(NEXT, project)
    assert contents(project) == FILES


def test_a_manifest_does_not_lead_out_of_the_folder(project: Path) -> None:
    victim = project.parent / "victim.txt"
    victim.write_text("a = 1\n", encoding="utf-8")
    text = (project / MANIFEST).read_text(encoding="utf-8")
    (project / MANIFEST).write_text(text.replace("src/p/a.py", "../victim.txt"), encoding="utf-8")
    with pytest.raises(InputError):
        write_project({"README.md": "two\n", "src/p/a.py": "changed\n"}, project)
    assert victim.exists()


@pytest.mark.parametrize("path", ["../a.txt", "/a.txt", "a/../../b.txt", "a//b.txt", "./a.txt"])
def test_paths_that_lead_out_are_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(InputError, match="leads out"):
        write_project({path: "x"}, tmp_path / "project")
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_a_folder_is_not_written_through(project: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    os.rename(project / "src", tmp_path / "moved")
    (project / "src").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    with pytest.raises(InputError, match="symbolic link"):
        write_project(NEXT, project, force=True)
    assert list((tmp_path / "elsewhere").iterdir()) == []
    assert (project / "README.md").read_text(encoding="utf-8") == "one\n"


def test_a_link_in_place_of_a_file_or_of_the_folder_is_refused(
    project: Path, tmp_path: Path
) -> None:
    victim = tmp_path / "victim.txt"
    victim.write_text("one\n", encoding="utf-8")
    (project / "README.md").unlink()
    (project / "README.md").symlink_to(victim)
    with pytest.raises(InputError, match="symbolic link"):
        write_project(NEXT, project, force=True)
    (tmp_path / "link").symlink_to(project, target_is_directory=True)
    with pytest.raises(InputError, match="symbolic link"):
        write_project(NEXT, tmp_path / "link")
    assert victim.read_text(encoding="utf-8") == "one\n"


def test_the_manifest_is_not_written_through_a_link(project: Path, tmp_path: Path) -> None:
    os.rename(project / ".chasm", tmp_path / "elsewhere")
    (project / ".chasm").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    before = tree(tmp_path / "elsewhere")
    with pytest.raises(InputError):
        write_project(NEXT, project, force=True)
    assert tree(tmp_path / "elsewhere") == before
    assert contents(project)["README.md"] == "one\n"


def test_a_file_where_a_folder_is_needed_and_the_reverse(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="no folder"):
        write_project(FILES, tmp_path / "file")
    with pytest.raises(InputError, match="no folder"):
        write_project(FILES, tmp_path / "file" / "project")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "src").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="no folder"):
        write_project(FILES, tmp_path / "a", force=True)
    (tmp_path / "b" / "README.md").mkdir(parents=True)
    with pytest.raises(InputError, match="is a folder"):
        write_project(FILES, tmp_path / "b", force=True)
    assert list((tmp_path / "b").iterdir()) == [tmp_path / "b" / "README.md"]
