# %%
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression


# %%
def flats(count):
    random = np.random.default_rng(5)
    rooms = random.integers(1, 6, count)
    return pd.DataFrame(
        {
            "rooms": rooms,
            "garden": rooms > 3,
            "agent": ["@".join((f"agent{n}", "homes.net")) for n in range(count)],
            "rent": rooms * 210.0 + random.normal(0, 20, count),
        }
    )


data = flats(40)
# %%
data["named"] = data["agent"].str.len()
X = data[["rooms", "garden", "named"]]
regression = LinearRegression().fit(X, data["rent"])
# %%
print("r2", regression.score(X, data["rent"]))
