# %%
import pandas as pd

towns = pd.Series(["Oslo", "Bergen", "Oslo"])
seen = []
towns.apply(seen.append)
# %%
more = {"Bodø"}
list(map(more.add, seen))
print(seen, sorted(more))
