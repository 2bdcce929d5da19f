"""Templates of files, and of parts of files, that hold text of the notebook only escaped."""

from functools import cache
from importlib.resources import files

from jinja2 import BytecodeCache, Environment, FunctionLoader, StrictUndefined
from jinja2.bccache import Bucket

from chasm.emit import text
from chasm.read.memory import digest, keep_bytes, module_state, program_state, recall_bytes


def render(template: str, **values: object) -> str:
    """The template of this name with ``values``; a value that is missing is an error."""
    return _environment().get_template(template).render(**values)


def _source(name: str) -> str:
    return files("chasm.emit").joinpath("templates", name).read_text(encoding="utf-8")


class _Compiled(BytecodeCache):
    """Compiled templates in the user's cache, as Python keeps its modules: most of the cost of
    a template is its compilation."""

    def load_bytecode(self, bucket: Bucket) -> None:
        data = recall_bytes(_key(bucket))
        try:
            if data is not None:
                bucket.bytecode_from_string(data)
        except Exception:
            # Whatever was kept, it was not what was kept here.
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        keep_bytes(_key(bucket), bucket.bytecode_to_string())


def _key(bucket: Bucket) -> str:
    return digest("template", bucket.key, bucket.checksum, module_state("jinja2"), program_state())


@cache
def _environment() -> Environment:
    # Only text that is escaped for its target, or made of identifiers, reaches a template.
    environment = Environment(
        loader=FunctionLoader(_source), undefined=StrictUndefined, keep_trailing_newline=True,
        autoescape=False, bytecode_cache=_Compiled(),
    )  # fmt: skip
    environment.filters |= {"toml": text.toml, "md": text.markdown, "code": text.code}
    return environment
