"""The type of a raw record, as a run of the notebook saw the records."""

import keyword

from chasm.plan.split.model import Names
from chasm.plan.words import identifier
from chasm.seen import Column, Plain, Table

TYPES = {"integer": "Whole", "number": "float", "boolean": "bool", "text": "str"}
#: What a pydantic model has itself, and what would hide a type of the module.
TAKEN = {
    "Any", "Field", "Literal", "Whole", "bool", "float", "str",
    "construct", "copy", "dict", "from_orm", "json", "parse_file", "parse_obj", "parse_raw",
    "schema", "schema_json", "update_forward_refs", "validate",
}  # fmt: skip
NOTES = {"target": "What is predicted: ignored.", "unused": "No prediction depends on it."}
#: So many categories are told in a description.
TOLD = 12


def record_fields(table: Table) -> list[str]:
    """A line of Python for each column, in their order."""
    names = Names()
    return [_field(column, table.rows, names) for column in table.columns if _stands(column)]


def example_record(table: Table) -> dict[str, Plain]:
    """What the service's documentation has to try: the columns that predictions depend on."""
    return {column.key: column.example for column in table.columns if column.role == "input"}


def closed_columns(table: Table) -> list[str]:
    """The keys of columns that take no other categories than those of the data."""
    return [column.key for column in table.columns if column.closed and column.role == "input"]


def _stands(column: Column) -> bool:
    return column.role != "index"


def _field(column: Column, rows: int, names: Names) -> str:
    name = _name(column.key, names)
    arguments = ["None"] if column.role != "input" else []
    if name != column.key:
        arguments.append(f"alias={column.key!r}")
    if note := _note(column, rows):
        arguments.append(f"description={note!r}")
    return f"{name}: {_type(column)}" + (f" = Field({', '.join(arguments)})" if arguments else "")


def _name(key: str, names: Names) -> str:
    """``key`` where it can be the name of a field, else the identifier that is nearest to it."""
    plain = key.isascii() and key.isidentifier() and not key.startswith(("_", "model_"))
    name = key if plain else identifier(key) or "column"
    if name.startswith("model_"):
        name = f"column_{name}"
    if keyword.iskeyword(name) or name in TAKEN:
        name += "_"
    return names.unique(name)


def _type(column: Column) -> str:
    if column.role == "target":
        return "Any"
    hint = TYPES.get(column.kind, "Any")
    if column.kind == "category":
        # A column that no prediction depends on may say what it likes.
        closed = column.closed and column.role == "input" and column.categories
        hint = f"Literal[{', '.join(map(repr, column.categories))}]" if closed else _open(column)
    optional = column.missing or column.role != "input"
    return f"{hint} | None" if optional and hint != "Any" else hint


def _open(column: Column) -> str:
    return "str" if all(isinstance(one, str) for one in column.categories) else "Any"


def _note(column: Column, rows: int) -> str:
    if column.role in NOTES:
        return NOTES[column.role]
    parts = []
    if column.lowest is not None and column.highest is not None:
        parts.append(f"from {column.lowest:g} to {column.highest:g}")
    elif column.kind == "category" and not column.closed:
        told = ", ".join(map(str, column.categories[:TOLD]))
        more = len(column.categories) - TOLD
        parts.append(told + (f" and {more} more" if more > 0 else ""))
    if column.missing:
        parts.append(f"missing in {column.missing:,} of {rows:,}")
    return f"In the data {'; '.join(parts)}." if parts else ""
