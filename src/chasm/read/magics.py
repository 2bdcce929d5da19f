"""IPython's additions to Python, translated line for line so that positions hold.

What defines or computes survives; display and notebook plumbing goes; an install command
becomes a requirement; a cell in another language is left out by name; what is unknown is
left out with a note, never silently.
"""

import ast
import re
import shlex
import textwrap
from dataclasses import dataclass, field

from chasm.read.lines import starts_of_logical_lines

#: Cell magics whose body is Python that runs in the notebook's own namespace.
PYTHON_CELLS = {"time", "capture", "prun", "python", "python3", "py", "pypy", "memit", "mprun"}
#: Cell and line magics that only measure.
MEASURING = {"timeit", "memit", "lprun", "prun", "mprun", "heat"}
#: Line magics whose argument is a statement that runs once.
RUNNING = {"time"}
#: Plumbing of the notebook: nothing of it belongs in a package, nothing is lost.
PLUMBING = {
    "matplotlib", "pylab", "config", "load_ext", "reload_ext", "unload_ext", "autoreload",
    "autosave", "automagic", "colors", "precision", "pprint", "pdb", "debug", "xmode", "who",
    "who_ls", "whos", "pinfo", "pinfo2", "psearch", "history", "hist", "lsmagic", "magic",
    "quickref", "doctest_mode", "notebook", "ls", "ll", "pwd", "pycat", "page", "more", "less",
    "logstart", "logstop", "watermark", "reset_selective", "gui", "qtconsole", "tb", "clear",
    "cat", "man", "alias", "unalias", "dhist", "dirs", "store", "tensorboard", "save",
    "aimport", "nb_black", "inline", "recall", "rep", "macro", "psource", "pfile", "pdoc",
    "edit", "connect_info", "system_info", "version_information",
}  # fmt: skip
SHELL_NOISE = {"ls", "pwd", "cat", "head", "tail", "echo", "nvidia-smi", "df", "free", "date",
               "which", "python", "python3", "wc", "tree", "uname", "lscpu"}  # fmt: skip

LINE_MAGIC = re.compile(r"^(\s*)%(?!%)\s*([A-Za-z_]\w*)[ \t]*(.*)$")
SHELL = re.compile(r"^(\s*)!!?(.*)$")
ASSIGNED = re.compile(r"^(\s*)([\w.,\s\[\]\"']+?)\s*=\s*([!%])(?!=)\s*(.*)$")
HELP = re.compile(r"^\s*(\?{1,2}\s*%{0,2}[\w.*]+|%{0,2}[\w.*\[\]\"'()]+\?{1,2})\s*;?\s*(#.*)?$")
CELL_MAGIC = re.compile(r"^%%\s*([A-Za-z_!][\w.]*)?(.*)$")
INSTALL = re.compile(r"^(?:\S*python\S*\s+-m\s+)?(pip\d*|conda|mamba|uv pip)\s+install\s+(.*)$")
MKDIR = re.compile(r"^mkdir\s+(?:-p\s+)?([\w./\-${}]+)\s*$")
BARE_INSTALL = re.compile(r"^\s*(pip3?|conda)\s+install\s+\S")
PROMPT = re.compile(r"^(>>> ?|In ?\[\d*\]: ?)")
REQUIREMENT = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(\[[\w,\- ]+\])?([=<>!~]=?[\w.*,<>=!~]+)?$")


@dataclass(slots=True)
class Translation:
    """A code cell as plain Python, line for line, and what could not come along."""

    source: str
    left_out: str | None = None
    requirements: list[str] = field(default_factory=list)
    dropped: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)


def translate_cell(source: str) -> Translation:
    """``source`` as IPython would run it, in plain Python."""
    result = Translation(source)
    lines = _dedent(source).split("\n")
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    match = _cell_magic(lines[first])
    while match is not None:
        if not _open_cell_magic(match, lines, first, result):
            return result
        # One cell magic may stand over another.
        first = next((i for i, line in enumerate(lines) if line.strip()), first)
        match = _cell_magic(lines[first])
    if _may_have_magics(lines):
        starts = starts_of_logical_lines(lines)
        for i in starts:
            _translate_line(lines, i, result)
    result.source = "\n".join(lines)
    return result


def _cell_magic(line: str) -> re.Match[str] | None:
    return CELL_MAGIC.match(line.strip()) if line.lstrip()[:2] == "%%" else None


def _dedent(source: str) -> str:
    """Without the indentation of the whole cell and without pasted prompts, as IPython does."""
    lines = source.split("\n")
    first = next((line for line in lines if line.strip()), "")
    if PROMPT.match(first):
        lines = [re.sub(r"^(>>> ?|\.\.\. ?|In ?\[\d*\]: ?|\s*\.\.\.: ?)", "", s) for s in lines]
        return "\n".join(lines)
    if first[:1] in (" ", "\t"):
        return textwrap.dedent(source)
    return source


def _may_have_magics(lines: list[str]) -> bool:
    return any(
        line.lstrip()[:1] in ("%", "!", "?", "p", "c")
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
        result.notes.append((first + 1, f"%%{name or '!'} cell left out: it is not Python"))
        return False
    result.notes.append((first + 1, f"%%{name} cell left out: it only measures"))
    return False


def _translate_line(lines: list[str], i: int, result: Translation) -> None:
    line = lines[i]
    if match := LINE_MAGIC.match(line):
        indent, name, rest = match.groups()
        _line_magic(lines, i, indent, name, rest, result)
    elif match := SHELL.match(line):
        _shell(lines, i, match.group(1), match.group(2).strip(), result)
    elif (match := ASSIGNED.match(line)) and not _is_python(line):
        _assigned(lines, i, match, result)
    elif "?" in line and HELP.match(line) and not _is_python(line):
        _drop(lines, i, "help", result)
    elif BARE_INSTALL.match(line):
        _shell(lines, i, line[: len(line) - len(line.lstrip())], line.strip(), result)


def _is_python(line: str) -> bool:
    try:
        ast.parse(line.strip())
    except (SyntaxError, ValueError):
        return False
    return True


def _drop(lines: list[str], i: int, reason: str, result: Translation, note: str = "") -> None:
    indent = lines[i][: len(lines[i]) - len(lines[i].lstrip())]
    # An indented line may be the only one of its block, which must not become empty.
    replacement = f"{indent}pass" if indent else ""
    continued = lines[i].endswith("\\")
    lines[i] = replacement
    result.dropped.append((i + 1, reason))
    if note:
        result.notes.append((i + 1, note))
    while continued and i + 1 < len(lines):
        i += 1
        continued = lines[i].endswith("\\")
        lines[i] = ""


def _line_magic(
    lines: list[str], i: int, indent: str, name: str, rest: str, result: Translation
) -> None:
    if name in RUNNING and rest.strip():
        lines[i] = indent + rest
    elif name in ("pip", "conda", "mamba"):
        _shell(lines, i, indent, f"{name} {rest}", result)
    elif name in RUNNING or name in PLUMBING:
        _drop(lines, i, f"%{name}: plumbing of the notebook", result)
    elif name in MEASURING:
        _drop(lines, i, f"%{name} only measures", result, f"%{name} left out: it only measures")
    elif name in ("env", "set_env") and (pair := re.match(r"(\w+)(?:\s*=\s*|\s+)(\S.*)$", rest)):
        lines[i] = f"{indent}import os; os.environ[{pair.group(1)!r}] = {pair.group(2).strip()!r}"
        result.notes.append((i + 1, f"%{name} became an assignment to os.environ"))
    else:
        _drop(lines, i, f"%{name} has no meaning outside a notebook", result, f"%{name} left out")


def _shell(lines: list[str], i: int, indent: str, command: str, result: Translation) -> None:
    if match := INSTALL.match(command.rstrip("\\").strip()):
        continued = _continuation(lines, i)
        names, unclear = _requirements(f"{match.group(2).rstrip(chr(92))} {continued}")
        result.requirements += [n for n in names if n not in result.requirements]
        note = f"an install command names {unclear}, which was not taken over" if unclear else ""
        _drop(lines, i, "an install command: now a dependency", result, note)
        return
    if match := MKDIR.match(command):
        folder = re.sub(r"\$(\w+)|\$\{(\w+)\}", r"{\1\2}", match.group(1))
        quoted = f"f{folder!r}" if "{" in folder else repr(folder)
        lines[i] = f"{indent}import os; os.makedirs({quoted}, exist_ok=True)"
        result.notes.append((i + 1, "!mkdir became os.makedirs"))
        return
    word = command.split()[0] if command.split() else ""
    note = "" if word in SHELL_NOISE else "a shell command was left out"
    _drop(lines, i, "a shell command", result, note)


def _continuation(lines: list[str], i: int) -> str:
    parts = []
    while lines[i].endswith("\\") and i + 1 < len(lines):
        i += 1
        parts.append(lines[i].rstrip("\\"))
    return " ".join(parts)


def _requirements(arguments: str) -> tuple[list[str], str]:
    """Plain names of distributions; the first argument that is something else, named."""
    try:
        words = shlex.split(arguments, comments=True)
    except ValueError:
        return [], "something unreadable"
    names: list[str] = []
    unclear, skip = "", False
    for word in words:
        if skip:
            skip = False
        elif word in ("-r", "-c", "-i", "-f", "-e", "--index-url", "--extra-index-url", "--target",
                      "--find-links", "--requirement", "--channel", "--editable"):  # fmt: skip
            skip, unclear = True, unclear or f"the option {word}"
        elif word.startswith("-"):
            continue
        elif word in ("&&", ";", "|", ">", "||"):
            break
        elif REQUIREMENT.match(word):
            names.append(word)
        else:
            unclear = unclear or "something that is no plain name"
    return names, unclear


def _assigned(lines: list[str], i: int, match: re.Match[str], result: Translation) -> None:
    indent, target, sign, rest = match.groups()
    if sign == "%":
        word, _, argument = rest.partition(" ")
        if word == "time" and argument.strip():
            lines[i] = f"{indent}{target} = {argument}"
            return
        _drop(lines, i, f"{target} = %{word}", result, f"%{word} gives a value that only a "
              "notebook has; the line was left out")  # fmt: skip
        return
    if re.search(r"[{$]", rest):
        _drop(lines, i, "a shell command with names in it", result,
              "a shell command with names of the notebook in it was left out")  # fmt: skip
        return
    lines[i] = (
        f"{indent}import subprocess; "
        f"{target} = subprocess.getoutput({rest.strip()!r}).splitlines()"
    )
    result.notes.append((i + 1, "the output of a shell command: the package runs it as well"))
