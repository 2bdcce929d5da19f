"""``# chasm: ignore[CODE] reason`` excuses a line, and says so when it does not."""

import time

import pytest
from support.snippets import findings_of


def codes(text: str, *select: str) -> list[str]:
    return [one.code for one in findings_of(text, *select)]


@pytest.mark.parametrize(
    "text",
    [
        "# %%\nfrom math import *  # chasm: ignore[CH503] a lesson\nprint(pi)",
        "# %%\nfrom math import *  # chasm: ignore[star-import]\nprint(pi)",
        "# %%\n# chasm: ignore[CH503] a lesson\n\nfrom math import *\nprint(pi)",
        "# %%\nfrom math import *  # noqa: F403  # chasm: ignore[CH503]\nprint(pi)",
        "# %%\nfrom math import *; print(eval(input()))  # chasm: ignore[CH503, CH403]",
        "# %%\nprint(eval(\n    input()  # chasm: ignore[CH403]\n))",
    ],
)
def test_an_excused_finding_is_absent(text: str) -> None:
    assert codes(text) == []


def test_an_excuse_speaks_of_its_own_line_and_code_only() -> None:
    text = "# %%\nfrom math import *\nprint(pi)  # chasm: ignore[CH503]"
    assert codes(text) == ["CH503", "CH901"]
    assert codes("# %%\nfrom math import *  # chasm: ignore[CH403]") == ["CH503", "CH901"]


def test_a_cell_as_a_whole_is_excused_at_its_top() -> None:
    text = "# %% count=1\na = 1\n# %%\n# chasm: ignore[CH102] for the other kernel\nb = 2\n"
    assert codes(text + "# %% count=2\nprint(a, b)") == []


@pytest.mark.parametrize(
    "comment", ["%%bash\n# chasm: ignore[CH002]", "%%bash # chasm: ignore[CH002]"]
)
def test_a_cell_is_excused_below_its_cell_magic(comment: str) -> None:
    assert codes(f"# %%\n{comment} the set-up\necho 1") == []


def test_an_excuse_is_not_called_unused_for_a_check_that_was_not_chosen() -> None:
    text = "# %%\nprint(1)  # chasm: ignore[CH503]"
    assert codes(text, "CH4", "CH9") == []
    assert codes(text, "CH5", "CH9") == ["CH901"]


def test_a_misspelt_code_is_told() -> None:
    (one,) = findings_of("# %%\nprint(1)  # chasm: ignore[CH5O3]")
    assert (one.code, one.message) == ("CH902", "no check is called 'CH5O3'")


def test_what_stands_in_a_string_is_no_excuse() -> None:
    assert codes("# %%\nprint('# chasm: ignore[CH503]')") == []
    assert codes('# %%\nprint("""\n# chasm: ignore[CH503]\n""")') == []
    text = "# %%\nfrom math import *; print('# chasm: ignore[CH503]')"
    assert codes(text) == ["CH503"]


def test_a_line_of_a_magic_can_be_excused() -> None:
    assert codes("# %%\n!pip install numpy  # chasm: ignore[CH108] any will do") == []


def test_a_line_of_nothing_but_excuses_takes_no_time() -> None:
    started = time.process_time()
    found = findings_of("# %%\nx = 1 " + "# chasm: ignore[" * 20_000, "CH9")
    assert (len(found), found[0].code) == (20_000, "CH902")
    assert time.process_time() - started < 20


def test_an_excuse_without_a_code_excuses_nothing_and_says_so() -> None:
    assert codes("# %%\nfrom math import *  # chasm: ignore") == ["CH503", "CH902"]
    assert codes("# %%\nfrom math import *  # chasm: ignore[]") == ["CH503", "CH902"]
