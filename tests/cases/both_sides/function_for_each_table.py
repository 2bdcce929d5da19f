# %%
import pandas as pd

first = pd.DataFrame({"a": [1, 2]})
second = pd.DataFrame({"a": [3, 4]})


def double(table):
    table["a"] = table["a"] * 2


# %%
list(map(double, [first, second]))
# %%
tables = {"first": first, "second": second}
for name, table in tables.items():
    double(table)
for table in [second]:
    table["b"] = table["a"] + 1
# %%
print(first["a"].sum(), second["a"].sum(), second["b"].sum())
