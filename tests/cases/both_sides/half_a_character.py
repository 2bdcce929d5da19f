# %%
import pandas as pd

table = pd.DataFrame({"a": [1, 2]})
table["\ud83d half"] = table["a"] * 2
table.to_pickle("halves.pkl")
print(table.shape, table["\ud83d half"].sum())
