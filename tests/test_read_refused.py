"""What is no notebook in Python is refused in one line that names the file."""

from pathlib import Path

import pytest
from support.cells import code, notebook, read

from chasm.errors import InputError
from chasm.read import read_notebook

REFUSED = {
    "empty": ("a.ipynb", b"", "the file is empty"),
    "truncated": ("a.ipynb", b'{"cells": [', "not valid JSON (line 1"),
    "a list": ("a.ipynb", b"[1]", "JSON, but no notebook (a list)"),
    "some JSON": ("a.ipynb", b'{"a": 1}', "no nbformat, no cells"),
    "from the future": ("a.ipynb", b'{"nbformat": 9, "cells": []}', "nbformat 9 is newer"),
    "cells no list": ("a.ipynb", b'{"nbformat": 4, "cells": {}}', "'cells' is not a list"),
    "a cell no object": ("a.ipynb", b'{"nbformat": 4, "cells": [1]}', "cell 1 is no object"),
    "no code": ("a.ipynb", b'{"nbformat": 4, "cells": []}', "no code cells"),
    "nested deeply": ("a.ipynb", b"[" * 200_000, "JSON"),
    "plain Python": ("a.py", b"x = 1\n", "without cell marks"),
    "other suffix": ("a.txt", b"x = 1\n", "neither .ipynb nor .py"),
    "broken nbformat 3": ("a.ipynb", b'{"nbformat": 3, "worksheets": 5}', "cannot be upgraded"),
}


@pytest.mark.parametrize(("name", "data", "words"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_notebook_is_refused(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    with pytest.raises(InputError) as raised:
        read(tmp_path, data, name)
    assert str(raised.value).startswith(f"{name}: ")
    assert words in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("place", ["language_info", "kernelspec"])
def test_other_languages_are_refused(tmp_path: Path, place: str) -> None:
    metadata = {place: {"name": "R", "language": "R"}}
    with pytest.raises(InputError, match="a notebook in R, not in Python"):
        read(tmp_path, notebook(code("x <- 1"), metadata=metadata))


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_notebook(tmp_path / "missing.ipynb")
    with pytest.raises(InputError, match="is a folder"):
        read_notebook(tmp_path)
    with pytest.raises(InputError, match="not a file name"):
        read_notebook(Path("a\0.ipynb"))
