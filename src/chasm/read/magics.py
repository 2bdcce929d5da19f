"""IPython's additions to Python, translated line for line so that positions hold.

What defines or computes survives; display and notebook plumbing goes; an install command
becomes a requirement; a cell in another language is left out by name; what is unknown is
left out with a note, never silently.
"""

import ast
import re
import textwrap

from chasm.read.lines import starts_of_logical_lines
from chasm.read.shell import listing, shell_line
from chasm.read.translation import Translation, drop

#: Cell magics whose body is Python that runs in the notebook's own namespace.
PYTHON_CELLS = {"time", "capture", "prun", "python", "python3", "py", "pypy", "memit", "mprun"}
#: Cell magics that write their cell into a file, in whatever language.
FILES = {"writefile", "file"}
#: Cell and line magics that only measure.
MEASURING = {"timeit", "memit", "lprun", "prun", "mprun", "heat"}
#: Line magics whose argument is a statement that runs once.
RUNNING = {"time"}
#: Plumbing of the notebook: nothing of it belongs in a package, nothing is lost.
PLUMBING = {
    "matplotlib", "config", "load_ext", "reload_ext", "unload_ext", "autoreload",
    "autosave", "automagic", "colors", "precision", "pprint", "pdb", "debug", "xmode", "who",
    "who_ls", "whos", "pinfo", "pinfo2", "psearch", "history", "hist", "lsmagic", "magic",
    "quickref", "doctest_mode", "notebook", "ls", "ll", "pwd", "pycat", "page", "more", "less",
    "logstart", "logstop", "watermark", "reset_selective", "gui", "qtconsole", "tb", "clear",
    "cat", "man", "alias", "unalias", "dhist", "dirs", "store", "tensorboard", "save",
    "aimport", "nb_black", "inline", "recall", "rep", "macro", "psource", "pfile", "pdoc",
    "edit", "connect_info", "system_info", "version_information",
}  # fmt: skip

LINE_MAGIC = re.compile(r"^(\s*)%(?!%)\s*([A-Za-z_]\w*)[ \t]*(.*)$")
SHELL = re.compile(r"^(\s*)!!?(.*)$")
ASSIGNED = re.compile(r"^(\s*)([\w.,\s\[\]\"']+?)\s*=\s*(!(?!=)|%(?=\s*[A-Za-z_]))\s*(.*)$")
HELP = re.compile(r"^\s*(\?{1,2}\s*%{0,2}[\w.*]+|%{0,2}[\w.*\[\]\"'()]+\?{1,2})\s*;?\s*(#.*)?$")
CELL_MAGIC = re.compile(r"^%%\s*([A-Za-z_!][\w.]*)?(.*)$")
OWN_CALL = re.compile(
    r"^(\s*)get_ipython\(\)\.(?:run_line_magic|magic|system)\(u?(['\"])(.*?)\2"
    r"(?:,\s*u?(['\"])(.*?)\4)?\)\s*;?\s*$"
)
#: What a script asks to know that it is run and not imported, which a notebook always is.
GUARD = re.compile(r"^if\s*\(?\s*__name__\s*==\s*(['\"])__main__\1\s*\)?\s*:")
BARE_INSTALL = re.compile(r"^\s*(pip3?|conda)\s+install\s+\S")
PROMPT = re.compile(r"^(>>> ?|In ?\[\d*\]: ?)")


def translate_cell(source: str, elsewhere: str = "") -> Translation:
    """``source`` as IPython would run it, in plain Python.

    ``elsewhere`` is the text of the other cells: what a magic keeps is only worth keeping when
    they name it.
    """
    result = Translation(source)
    lines = _dedent(source).split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    match = _cell_magic(lines[first])
    kept, magic_line = "", first
    while match is not None:
        if not _open_cell_magic(match, lines, first, result):
            return result
        # One cell magic may stand over another.
        kept = _kept(match, elsewhere) or kept
        magic_line = first
        first = next((i for i, line in enumerate(lines) if line.strip()), first)
        match = _cell_magic(lines[first])
    if _may_have_magics(lines):
        for i in starts_of_logical_lines("\n".join(lines)):
            _translate_line(lines, i, result)
    if kept:
        _capture(lines, magic_line, kept)
    result.source = "\n".join(lines)
    return result


def _kept(match: re.Match[str], elsewhere: str) -> str:
    """The name under which a cell magic keeps what its cell printed, if another cell reads it."""
    if (match.group(1) or "").lower() != "capture":
        return ""
    words = [word for word in match.group(2).split() if not word.startswith("-")]
    name = words[0] if words and words[0].isidentifier() else ""
    return name if name and re.search(rf"\b{name}\b", elsewhere) else ""


def _capture(lines: list[str], first: int, name: str) -> None:
    """The cell as the body of a block that keeps what it prints."""
    starts = [
        i for i in starts_of_logical_lines("\n".join(lines)) if i > first and lines[i].strip()
    ]
    code = [i for i in starts if not lines[i].lstrip().startswith("#")]
    if not code:
        return
    for i in starts:
        lines[i] = f"    {lines[i]}"
    lines[first] = f"with capture_output() as {name}:"


def _cell_magic(line: str) -> re.Match[str] | None:
    return CELL_MAGIC.match(line.strip()) if line.lstrip()[:2] == "%%" else None


def _dedent(source: str) -> str:
    """Without the indentation of the whole cell and without pasted prompts, as IPython does."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if PROMPT.match(first):
        lines = [re.sub(r"^(>>> ?|\.\.\. ?|In ?\[\d*\]: ?|\s*\.\.\.: ?)", "", s) for s in lines]
        return "\n".join(lines)
    if first[:1] not in (" ", "\t"):
        return source
    plain = textwrap.dedent(source)
    indent = first[: len(first) - len(first.lstrip())]
    if re.match(r"[ \t]+[^ \t#]", next(line for line in plain.split("\n") if line.strip())):
        # Before version 9 the lines that are indented as the first one were those that counted.
        plain = "\n".join(line.removeprefix(indent) for line in source.split("\n"))
    return plain


def _may_have_magics(lines: list[str]) -> bool:
    return any(
        line.lstrip().startswith(("%", "!", "?", "pip", "conda"))
        or "__main__" in line
        or "get_ipython" in line
        or line.rstrip()[-1:] == "?"
        or "=!" in (packed := line.replace(" ", ""))
        or "=%" in packed
        or "?" in line
        for line in lines
        if line
    )


def _open_cell_magic(
    match: re.Match[str], lines: list[str], first: int, result: Translation
) -> bool:
    """Deal with the ``%%`` line; False when the cell as a whole is left out."""
    name = (match.group(1) or "").lower()
    if name in MEASURING and name != "prun":
        result.left_out = f"%%{name} only measures"
    elif name in PYTHON_CELLS:
        lines[first] = ""
        return True
    else:
        result.left_out = f"a %%{name or '!'} cell, not Python"
        reason = "it is the text of a file" if name in FILES else "it is not Python"
        result.notes.append((first + 1, f"%%{name or '!'} cell left out: {reason}"))
        return False
    result.notes.append((first + 1, f"%%{name} cell left out: it only measures"))
    return False


def _translate_line(lines: list[str], i: int, result: Translation) -> None:
    line = lines[i]
    if match := OWN_CALL.match(line):
        # What exporting a notebook as a script makes of a magic.
        sign = "!" if ".system(" in line else "%"
        line = f"{match.group(1)}{sign}{match.group(3)} {match.group(5) or ''}".rstrip()
        lines[i] = line
    if match := LINE_MAGIC.match(line):
        indent, name, rest = match.groups()
        _line_magic(lines, i, indent, name, rest, result)
    elif match := SHELL.match(line):
        shell_line(lines, i, match.group(1), match.group(2).strip(), result)
    elif (match := ASSIGNED.match(line)) and _is_target(match) and not _is_python(line):
        _assigned(lines, i, match, result)
    elif "?" in line and HELP.match(line) and not _is_python(line):
        drop(lines, i, "help", result)
    elif match := GUARD.match(line):
        lines[i] = f"if True:{line[match.end():]}"
    elif BARE_INSTALL.match(line):
        shell_line(lines, i, line[: len(line) - len(line.lstrip())], line.strip(), result)


def _is_target(match: re.Match[str]) -> bool:
    """Whether what stands before the sign can be assigned to; half a string cannot."""
    return _is_python(match.group(2).strip())


def _is_python(line: str) -> bool:
    try:
        ast.parse(line.strip())
    except (SyntaxError, ValueError):
        return False
    return True


def _line_magic(
    lines: list[str], i: int, indent: str, name: str, rest: str, result: Translation
) -> None:
    if name in RUNNING and rest.strip():
        lines[i] = indent + rest
    elif name in ("pip", "conda", "mamba"):
        shell_line(lines, i, indent, f"{name} {rest}", result)
    elif name == "pylab":
        names = "np, plt" if "--no-import-all" in rest else "*"
        lines[i] = f"{indent}from pylab import {names}"
    elif name in RUNNING or name in PLUMBING:
        drop(lines, i, f"%{name}: plumbing of the notebook", result)
    elif name in MEASURING:
        drop(lines, i, f"%{name} only measures", result, f"%{name} left out: it only measures")
    elif name in ("env", "set_env") and (pair := re.match(r"(\w+)(?:\s*=\s*|\s+)(\S.*)$", rest)):
        lines[i] = f"{indent}import os; os.environ[{pair.group(1)!r}] = {pair.group(2).strip()!r}"
        result.notes.append((i + 1, f"%{name} became an assignment to os.environ"))
    else:
        drop(lines, i, f"%{name} has no meaning outside a notebook", result, f"%{name} left out")


def _assigned(lines: list[str], i: int, match: re.Match[str], result: Translation) -> None:
    indent, target, sign, rest = match.groups()
    if sign == "%":
        word, _, argument = rest.partition(" ")
        if word == "time" and argument.strip():
            lines[i] = f"{indent}{target} = {argument}"
            return
        drop(lines, i, f"{target} = %{word}", result, f"%{word} gives a value that only a "
              "notebook has; the line was left out")  # fmt: skip
        return
    if code := listing(rest.strip()):
        lines[i] = f"{indent}{code[0]}; {target} = {code[1]}"
        return
    if re.search(r"[{$]", rest):
        drop(lines, i, "a shell command with names in it", result,
              "a shell command with names of the notebook in it was left out")  # fmt: skip
        return
    lines[i] = (
        f"{indent}import subprocess; "
        f"{target} = subprocess.getoutput({rest.strip()!r}).splitlines()"
    )
    result.notes.append((i + 1, "the output of a shell command: the package runs it as well"))
