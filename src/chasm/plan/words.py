"""Texts as identifiers."""

import builtins
import keyword
import re
import unicodedata

#: What no name and no phrase ends with.
LITTLE = frozenset({
    "a", "an", "and", "are", "at", "by", "for", "from", "in", "is", "of", "on", "or", "s", "the",
    "to", "was", "with",
})  # fmt: skip

#: What no function or setting of a package is called.
RESERVED = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | frozenset(keyword.softkwlist) | {
    "config", "output", "path", "run", "main", "app", "data", "features", "training", "report",
    "pipeline", "self", "train", "write",
}  # fmt: skip


def identifier(text: str) -> str:
    """``text`` as lower-case words joined by underscores; empty when nothing is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = "_".join(word.lower() for word in re.findall(r"[A-Za-z0-9]+", plain))
    name = name.lstrip("0123456789_")
    return name[:60].rstrip("_")


def trimmed(words: list[str]) -> list[str]:
    """Words without those at their end that no name ends with, but for the first of all."""
    end = len(words)
    while end > 1 and words[end - 1] in LITTLE:
        end -= 1
    return words[:end]


def snake(camel: str) -> str:
    """``LogisticRegression`` to ``logistic_regression``, ``KNeighborsClassifier`` likewise."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", camel)
    return identifier(text)


def camel(name: str) -> str:
    """``split_train_test`` to ``SplitTrainTest``."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def path_stem(path: str, verb: str = "") -> str:
    """The name of a file without folder and suffix, as an identifier, behind a verb if need be."""
    last = re.split(r"[/\\]", path.rstrip("/\\"))[-1]
    # Behind a letter its digits stay.
    stem = identifier(f"a {last.partition('?')[0].partition('.')[0]}")[2:]
    return identifier(f"{verb} {stem[:40]}")
