"""Notebooks kept as Python files: jupytext's percent format and Databricks sources."""

import re

from chasm.errors import InputError
from chasm.model import CellKind
from chasm.read.raw import RawCell

DATABRICKS = "# Databricks notebook source"
COMMAND = re.compile(r"^# COMMAND -+\s*$")
MAGIC = re.compile(r"^# MAGIC ?")
TITLE = re.compile(r"^# DBTITLE \d+,(.*)$")
PERCENT = re.compile(r"^# ?%%(.*)$")
TAGS = re.compile(r"tags\s*=\s*\[([^\]]*)\]")


def cells_of(text: str, name: str) -> list[RawCell]:
    """The cells of a ``.py`` notebook; a Python file without cell marks is refused."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[0].strip() == DATABRICKS:
        return _databricks(lines[1:])
    if any(PERCENT.match(line) for line in lines):
        return _percent(lines)
    raise InputError(f"{name}: a Python file without cell marks (# %% or # COMMAND)")


def _databricks(lines: list[str]) -> list[RawCell]:
    chunks: list[list[str]] = [[]]
    for line in lines:
        if COMMAND.match(line):
            chunks.append([])
        else:
            chunks[-1].append(line)
    cells: list[RawCell] = []
    for chunk in chunks:
        cells += _databricks_cell(chunk)
    return cells


def _databricks_cell(chunk: list[str]) -> list[RawCell]:
    titles = [match.group(1) for line in chunk if (match := TITLE.match(line))]
    cells = [RawCell(CellKind.MARKDOWN, f"## {title.strip()}") for title in titles]
    body = [line for line in chunk if not TITLE.match(line)]
    magic = [MAGIC.sub("", line) for line in body if MAGIC.match(line)]
    text = "\n".join(body).strip("\n")
    if not magic:
        return [*cells, RawCell(CellKind.CODE, text)] if text else cells
    head = magic[0].strip()
    if head.startswith("%md"):
        return [*cells, RawCell(CellKind.MARKDOWN, "\n".join([head[3:].strip(), *magic[1:]]))]
    if head.startswith("%python"):
        return [*cells, RawCell(CellKind.CODE, "\n".join(magic[1:]))]
    if head.startswith(("%pip", "%matplotlib")):
        return [*cells, RawCell(CellKind.CODE, "\n".join(magic))]
    reason = f"a {head.split()[0]} cell, not Python"
    return [*cells, RawCell(CellKind.CODE, "\n".join(magic), left_out=reason, notes=(reason,))]


def _percent(lines: list[str]) -> list[RawCell]:
    cells: list[RawCell] = []
    marker, body = "", _without_header(lines)
    start = next((i for i, line in enumerate(body) if PERCENT.match(line)), len(body))
    if "".join(body[:start]).strip():
        cells.append(_percent_cell("", body[:start]))
    current: list[str] = []
    for line in body[start:]:
        if match := PERCENT.match(line):
            if marker or current:
                cells.append(_percent_cell(marker, current))
            marker, current = match.group(1) or " ", []
        else:
            current.append(line)
    cells.append(_percent_cell(marker, current))
    return cells


def _without_header(lines: list[str]) -> list[str]:
    first = next((i for i, line in enumerate(lines) if line.strip()), 0)
    if lines[first].strip() != "# ---":
        return lines
    for i in range(first + 1, len(lines)):
        if lines[i].strip() == "# ---":
            return lines[i + 1 :]
    return lines


def _percent_cell(marker: str, body: list[str]) -> RawCell:
    tags: tuple[str, ...] = ()
    if match := TAGS.search(marker):
        tags = tuple(t.strip().strip("\"'") for t in match.group(1).split(",") if t.strip())
    if "[markdown]" in marker or "[md]" in marker:
        text = "\n".join(re.sub(r"^# ?", "", line) for line in body).strip()
        text = text.strip('"').strip() if text.startswith('"""') else text
        return RawCell(CellKind.MARKDOWN, text, tags=tags)
    if "[raw]" in marker:
        return RawCell(CellKind.OTHER, "\n".join(body), tags=tags)
    # jupytext comments magics out; they come back so that they are translated as magics.
    lines = [re.sub(r"^# (?=%%?[A-Za-z]|![\w.])", "", line) for line in body]
    return RawCell(CellKind.CODE, "\n".join(lines).strip("\n"), tags=tags)
