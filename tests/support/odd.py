"""Notebooks as nobody writes them: code of real kinds put together at random, and odd JSON."""

from typing import Any

from hypothesis import strategies as st

#: Statements as notebooks have them, whatever became of the names before.
STATEMENTS = """
import pandas as pd
import numpy as np, matplotlib.pyplot as plt
from sklearn.linear_model import LogisticRegression as LR
from sklearn.model_selection import *
df = pd.read_csv("a.csv")
test = pd.read_csv('b.csv', index_col=0)
df.head()
df["x"] = df["x"].fillna(df["x"].mean())
df.x.fillna(0, inplace=True)
df.drop(["y", "z"], axis=1, inplace=True)
df = df[df.x > 3].copy()
for part in [df, test]: part["n"] = part["a"] + 1
for i, c in enumerate(df.columns): print(i, c)
X, y = df.drop(columns="y"), df["y"]
X = pd.get_dummies(X)
Xa, Xb, ya, yb = train_test_split(X, y, test_size=.3, random_state=1)
model = LR(C=0.5).fit(Xa, ya)
print("score:", model.score(Xb, yb))
model.predict(Xb)[:3]
plt.plot(df.x); plt.title("x")
plt.show()
df.x.hist(bins=20)
fig, (a, b) = plt.subplots(1, 2)
def f(frame, n=3): return frame.head(n)
def g():\n    global df\n    df = f(df)
g()
class M(LR):\n    def fit(self, X, y=None): return super().fit(X, y)
f = lambda v: v * k
k = 3
rows = [r for r in df.x if r > k]
if k > 2:\n    del df
else_ = {**{"a": 1}, "b": [*rows]}
try:\n    import odd\nexcept ImportError as e:\n    print(e)
with open("out.txt", "w") as file:\n    file.write(f"{k:>{3}}")
while k < 9: k += 1
print(undefined_name)
np.random.seed(0)
noise = np.random.rand(3)
df.to_csv("out.csv")
%matplotlib inline
!pip install x
%%time\nk = 4
x = !ls
assert k, "no"
async def h(): await g()
await h()
match k:\n    case [a, *b]: print(a)
    case {"c": c}: pass
(z := 3)
a = b = c = []
a += [1]; b.append(a)
df.loc[df.x > 1, "y"] = 0
df[["x", "y"]] = df[["x", "y"]].apply(lambda s: s / s.max())
@decorate\ndef q(): ...
"text"
# only a comment
""".strip("\n").splitlines()
CELLS = st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=5).map(
    lambda lines: "\n".join(line.replace("\\n", "\n") for line in lines)
)
#: What may stand where something else is expected.
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=6,
)  # fmt: skip


@st.composite
def structures(draw: st.DrawFn) -> Any:
    """A notebook's JSON with something else in some of its places."""

    def odd(usual: Any) -> Any:
        return draw(ANYTHING) if draw(st.integers(0, 11)) == 0 else usual

    def cell() -> Any:
        source = draw(CELLS)
        lines = source.splitlines(keepends=True)
        found = {
            "cell_type": odd(draw(st.sampled_from(["code", "markdown", "raw", "heading"]))),
            "source": odd(draw(st.sampled_from([source, lines]))),
            "input": odd(source),
            "metadata": odd({"tags": odd(["parameters"])}),
            "execution_count": odd(draw(st.sampled_from([None, 1, 2, 3]))),
            "outputs": odd([{"output_type": odd("stream"), "text": odd("a"), "data": odd({})}]),
            "id": odd("a"),
        }
        for name in draw(st.sets(st.sampled_from(sorted(found)), max_size=3)):
            del found[name]
        return odd(found)

    cells = [cell() for _ in range(draw(st.integers(1, 3)))]
    language = odd({"name": odd("python")})
    metadata = odd({"kernelspec": odd({"language": odd("python")}), "language_info": language})
    if draw(st.booleans()):
        return odd({"cells": odd(cells), "metadata": metadata, "nbformat": odd(4)})
    sheets = odd([odd({"cells": odd(cells)})])
    return odd({"worksheets": sheets, "metadata": metadata, "nbformat": odd(3)})
