# %% [markdown]
# # Which stones break?

# %%
from pprint import pprint

import joblib
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier

# %%
stones = pd.DataFrame({"mass": np.linspace(1.0, 400.0, 60), "kind": [2, 3, 5] * 20})
stones["site"] = ["north", "south"] * 30
stones["broke"] = (stones["mass"] * stones["kind"] % 7 > 3).astype(int)

# %%
np.random.seed(3)
forest = RandomForestClassifier(n_estimators=3, max_depth=3)
forest.fit(stones[["mass", "kind"]], stones["broke"])
joblib.dump(forest, "forest.joblib")

# %%
colours = ["red" if b else "blue" for b in stones["broke"]]
plt.scatter(stones["mass"], stones["kind"], s=stones["kind"] * 9, c=colours)
plt.xscale("log")
plt.figtext(0.1, 0.95, "by kind")
plt.table([["blue", "whole"], ["red", "broken"]])
plt.gca().yaxis.set_major_formatter("no. {x:.0f}")
plt.savefig("breaking.png")
plt.show()

# %%
plt.hist(stones["mass"], bins=8, histtype="step")
plt.ylim(0, 12)
plt.text(200.0, 9.0, "heavy")
plt.savefig("masses.png")
plt.show()

# %%
stones[stones["broke"] == 1][["mass", "kind"]].to_csv("broken.csv", sep=";")
stones[stones["broke"] == 0][["mass", "kind"]].to_csv("whole.csv", sep=";")
plt.imsave("map.png", np.outer(stones["kind"], stones["broke"]))

# %%
print("chance of this by luck: %.3g" % 2.5e-11)
print(stones["mass"].max())
print(stones["mass"].min())
pprint({"sites": stones["site"].nunique()})

# %%
stones.groupby("site")["mass"].mean()
