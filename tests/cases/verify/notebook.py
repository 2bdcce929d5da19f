# %% [markdown]
# # How heavy is a tree's harvest?

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.metrics import mean_absolute_error
from sklearn.preprocessing import StandardScaler

# %%
trees = pd.DataFrame({"age": np.arange(40) % 13 + 2, "height": np.linspace(0.0, 7.8, 40)})
trees["harvest"] = 3.0 * trees["height"] + trees["age"] ** 2 / 10
trees.head()

# %%
trees = trees[trees["height"] > 1.0]
print("trees:", len(trees))

# %%
train, test = trees[:25], trees[25:]
scaler = StandardScaler()
X_train = scaler.fit_transform(train[["age", "height"]])
X_test = scaler.transform(test[["age", "height"]])

# %%
model = Ridge(alpha=0.5)
model.fit(X_train, train["harvest"])
predicted = model.predict(X_test)
print("error: %.4f" % mean_absolute_error(test["harvest"], predicted))

# %%
plt.plot(test["height"], predicted)
plt.title("harvest by height")
plt.show()

# %%
pd.DataFrame({"height": test["height"], "harvest": predicted}).to_csv("harvest.csv", index=False)
with open("note.txt", "w") as file:
    file.write("harvest of %d trees\n" % len(test))

# %%
test.groupby("age")["harvest"].mean()
