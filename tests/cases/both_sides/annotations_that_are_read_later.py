# %%
from __future__ import annotations

from dataclasses import dataclass


# %%
@dataclass
class Node:
    name: str
    following: Node | None = None

    def last(self) -> Node:
        return self if self.following is None else self.following.last()


# %%
print(Node("a", Node("b")).last().name)
