"""Templates of files, and of parts of files, that hold text of the notebook only escaped."""

from functools import cache
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined

from chasm.emit import text


def render(template: str, **values: object) -> str:
    """The template of this name with ``values``; a value that is missing is an error."""
    return _environment().get_template(template).render(**values)


def _source(name: str) -> str:
    return files("chasm.emit").joinpath("templates", name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    # Only text that is escaped for its target, or made of identifiers, reaches a template.
    environment = Environment(
        loader=FunctionLoader(_source), undefined=StrictUndefined, keep_trailing_newline=True,
        autoescape=False,
    )  # fmt: skip
    environment.filters |= {"toml": text.toml, "md": text.markdown, "code": text.code}
    return environment
