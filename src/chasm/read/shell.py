"""Shell commands in a code cell: what they install and make, and what is left out."""

import re
import shlex

from chasm.read.translation import Translation, drop

INSTALL = re.compile(r"^(?:\S*python\S*\s+-m\s+)?(pip\d*|conda|mamba|uv pip)\s+install\s+(.*)$")
MKDIR = re.compile(r"^mkdir\s+(?:-p\s+)?([\w./\-${}]+)\s*$")
LISTING = re.compile(r"^ls(?:\s+-1)?(?:\s+([\w./*?-]+))?$")
REQUIREMENT = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._-]*(\[[\w,\- ]+\])?([=<>!~]=?[\w.*,<>=!~]+)?$")
#: Lines of a notebook that fetch something whenever they run.
FETCHES = re.compile(r"^\s*!\s*(wget|curl|kaggle|gdown|git\s+clone)\b")
#: Options of installers that are followed by a value which is no distribution.
VALUED = frozenset({
    "-r", "-c", "-i", "-f", "-e", "-t", "-n", "-p", "--index-url", "--extra-index-url", "--target",
    "--find-links", "--requirement", "--constraint", "--editable", "--trusted-host", "--prefix",
    "--root", "--proxy", "--timeout", "--python", "--name", "--channel", "--file", "--progress-bar",
    "--platform", "--python-version", "--implementation", "--abi", "--report", "--cache-dir",
    "--log", "--retries", "--cert", "--client-cert", "--only-binary", "--no-binary", "--src",
    "--upgrade-strategy", "--config-settings", "--exists-action", "--global-option", "--solver",
    "--build-option", "--keyring-provider", "--use-feature", "--use-deprecated", "--revision",
})  # fmt: skip
#: Those whose value takes part in what is installed: it is not taken over silently.
SOURCES = frozenset({
    "-r", "-c", "-i", "-f", "-e", "--index-url", "--extra-index-url", "--target",
    "--find-links", "--requirement", "--channel", "--editable",
})  # fmt: skip
#: Those that say where else to look: what is found there may be another project of that name.
INDEXES = frozenset({
    "-c", "-i", "-f", "--index-url", "--extra-index-url", "--find-links", "--channel",
})  # fmt: skip
#: Stands behind what is installed from there.
ELSEWHERE = " @ elsewhere"
SHELL_NOISE = {"ls", "pwd", "cat", "head", "tail", "echo", "nvidia-smi", "df", "free", "date",
               "which", "python", "python3", "wc", "tree", "uname", "lscpu"}  # fmt: skip

#: The name of a program, and no assignment, address or path before or in it.
PROGRAM = re.compile(r"[a-z][\w+-]{0,30}")


def shell_line(lines: list[str], i: int, indent: str, command: str, result: Translation) -> None:
    """An install command becomes a requirement, a folder is made; all else is left out."""
    if match := INSTALL.match(command.rstrip("\\").strip()):
        continued = _continuation(lines, i)
        names, unclear = _requirements(f"{match.group(2).rstrip(chr(92))} {continued}")
        result.requirements += [n for n in names if n not in result.requirements]
        note = f"an install command names {unclear}, which was not taken over" if unclear else ""
        drop(lines, i, "an install command: what is used is a dependency", result, note)
        return
    if match := MKDIR.match(command):
        folder = re.sub(r"\$(\w+)|\$\{(\w+)\}", r"{\1\2}", match.group(1))
        quoted = f"f{folder!r}" if "{" in folder else repr(folder)
        lines[i] = f"{indent}import os; os.makedirs({quoted}, exist_ok=True)"
        result.notes.append((i + 1, "!mkdir became os.makedirs"))
        return
    word = command.split()[0] if command.split() else ""
    # Of the command only its program is told: the rest may hold what is nobody's business.
    told = f"the shell command {word}" if PROGRAM.fullmatch(word) else "a shell command"
    note = "" if word in SHELL_NOISE else f"{told} was left out"
    drop(lines, i, "a shell command", result, note)


def is_install(command: str) -> bool:
    """Whether the command, without its sign, installs something."""
    return INSTALL.match(command.rstrip("\\").strip()) is not None


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
    unclear, skip, elsewhere = "", False, False
    for word in words:
        if skip:
            skip = False
        elif (option := word.partition("=")[0]) in SOURCES:
            skip, unclear = option == word, unclear or f"the option {option}"
            elsewhere = elsewhere or option in INDEXES
        elif word.startswith("-"):
            skip = word in VALUED
        elif word in ("&&", ";", "|", ">", "||"):
            break
        elif REQUIREMENT.match(word):
            names.append(word)
        else:
            unclear = unclear or "something that is no plain name"
    return [f"{name}{ELSEWHERE}" for name in names] if elsewhere else names, unclear


def listing(command: str) -> tuple[str, str] | None:
    """``ls`` of one folder or pattern: the import that it takes and its lines as a list."""
    match = LISTING.match(command)
    if match is None:
        return None
    place = match.group(1) or "."
    if "*" in place or "?" in place:
        return "import glob", f"sorted(glob.glob({place!r}))"
    if "." in place.rstrip("/").rpartition("/")[2].strip("."):
        # The name of a file: what it lists is its own name.
        return None
    listed = f"os.listdir({place!r})"
    return "import os", f"sorted(name for name in {listed} if not name.startswith('.'))"
