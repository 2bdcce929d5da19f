"""Small random notebooks that run: whole numbers, lists, dicts, loops, branches, functions.

Every line that they print starts with a number of its own, so that lost, doubled and changed
lines are told apart.
"""

from collections.abc import Callable, Iterator

from hypothesis import strategies as st

NAMES = ("a", "b", "c", "d", "e")
#: These keep their kind, since functions read them whenever they are called.
NUMBERS = ("low", "high")
LISTS = ("seen", "rows")
Draw = Callable[..., object]


class Program:
    """Writes cells; knows which name is of which kind wherever it stands."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.kinds: dict[str, str] = {}
        self.functions: list[str] = []
        self.fresh = iter(range(1, 10_000))

    def pick(self, *values: str) -> str:
        return self.draw(st.sampled_from(values))

    def named(self, kind: str) -> list[str]:
        return [name for name, known in self.kinds.items() if known == kind]

    def number(self, depth: int = 0) -> str:
        options = [str(self.draw(st.integers(-3, 9)))]
        options += self.named("int")
        options += [f"len({name})" for name in self.named("list") + self.named("dict")]
        options += [f"sum({name})" for name in self.named("list")]
        options += [f"{name}.get('k', 1)" for name in self.named("dict")]
        if depth < 2:
            left, right = self.number(depth + 1), self.number(depth + 1)
            options += [f"({left} {self.pick('+', '-', '*')} {right}) % 97"]
            options += [f"{name}({left})" for name in self.functions]
        return self.pick(*options)

    def values(self) -> str:
        options = [f"[{self.number()}, {self.number()}]"]
        for name in self.named("list"):
            options += [name, f"{name}[:2]", f"sorted({name})", f"[v + 1 for v in {name}][:4]"]
        return self.pick(*options)

    def table(self) -> str:
        options = [f"{{'k': {self.number()}, 'm': {self.number()}}}"]
        for name in self.named("dict"):
            options += [name, f"dict({name})"]
        return self.pick(*options)

    def binding(self, name: str) -> str:
        """Bind ``name`` to a value of any kind."""
        kind = self.pick("int", "list", "dict")
        value = {"int": self.number, "list": self.values, "dict": self.table}[kind]()
        self.kinds[name] = kind
        return f"{name} = {value}"

    def change(self) -> str:
        """A statement that keeps every name's kind."""
        options = [f"print({next(self.fresh)}, {self.number()}, {self.values()})"]
        options += [f"{name} += {self.number()}" for name in self.named("int")]
        options += [f"{name} = {self.number()}" for name in self.named("int")]
        for name in self.named("list"):
            options += [f"{name}.append({self.number()})", f"{name} = {self.values()}"]
            options += [f"print({next(self.fresh)}, {name})", f"{name}[-1:] = {self.values()}[:1]"]
        for name in self.named("dict"):
            options += [f"{name}['k'] = {self.number()}", f"{name} = {self.table()}"]
            options += [f"{name}.update(m={self.number()})", f"print({next(self.fresh)}, {name})"]
        options += [f"{name}({self.number()})" for name in self.functions]
        return self.pick(*options)

    def block(self) -> list[str]:
        return [f"    {self.change()}" for _ in range(self.draw(st.integers(1, 3)))]

    def statement(self) -> list[str]:
        """A statement at the top level of a cell."""
        kind = self.pick("bind", "bind", "change", "change", "if", "for", "both", "swap")
        if kind == "bind":
            return [self.binding(self.pick(*NAMES))]
        if kind == "if":
            condition = f"if {self.number()} > {self.number()}:"
            return [condition, *self.block(), *(["else:", *self.block()])]
        if kind == "for":
            over, name = self.values(), self.pick("i", "j")
            self.kinds.pop(name, None)
            return [f"for {name} in {over}[:3]:", *self.block()]
        if kind == "both":
            name, condition = self.pick(*NAMES), f"if {self.number()} > 2:"
            first, second = self.number(), self.number()
            self.kinds[name] = "int"
            return [condition, f"    {name} = {first}", "else:", f"    {name} = {second}"]
        numbers = self.named("int")
        if kind == "swap" and len(numbers) > 1:
            return [f"{numbers[0]}, {numbers[-1]} = {numbers[-1]}, {numbers[0]}"]
        return [self.change()]

    def function(self) -> list[str]:
        """A function that reads, or changes, what the notebook has made so far."""
        name = f"f{len(self.functions)}"
        number, values = self.pick(*NUMBERS), self.pick(*LISTS)
        body = {
            "reads": [f"    return x + {number}"],
            "length": [f"    y = x * 2 + len({values})", "    return y % 89"],
            "changes": [f"    {values}.append(x)", f"    return len({values})"],
            "prints": [f"    print({next(self.fresh)}, x)", "    return x"],
            "stores": [f"    global {number}", f"    {number} = x", "    return x"],
            "local": [f"    {number} = x + 1", f"    return {number}"],
        }
        self.functions.append(name)
        if len(self.functions) > 1:
            body["calls"] = [f"    return {self.functions[0]}(x) + {number}"]
        return [f"def {name}(x):", *body[self.pick(*sorted(body))]]

    def cells(self) -> Iterator[str]:
        """All cells; the first binds the names that functions may read."""
        start = [f"{name} = {number}" for number, name in enumerate(NUMBERS)]
        start += [f"{name} = [{number}]" for number, name in enumerate(LISTS)]
        self.kinds |= dict.fromkeys(NUMBERS, "int") | dict.fromkeys(LISTS, "list")
        yield "\n".join(start)
        for _ in range(self.draw(st.integers(1, 5))):
            lines: list[str] = []
            if len(self.functions) < 3 and self.draw(st.booleans()):
                lines += self.function()
            for _ in range(self.draw(st.integers(1, 4))):
                lines += self.statement()
            # A value at the end of a cell would be shown, which is another matter.
            yield "\n".join([*lines, "pass"])
        shown = [*self.kinds, *(f"{name}(1)" for name in self.functions)]
        yield "\n".join(f"print({next(self.fresh)}, {each})" for each in shown)


@st.composite
def programs(draw: st.DrawFn) -> list[str]:
    """The cells of a notebook that runs without an error."""
    return list(Program(draw).cells())
