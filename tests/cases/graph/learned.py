# %% [markdown]
# # Will they come back?

# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression

# %%
visits = pd.read_csv("visits.csv")
visits.head()

# %% [markdown]
# ## Cleaning

# %%
# people who never told us
visits["age"] = visits["age"].fillna(visits["age"].median())
visits = visits.dropna(subset=["back"])

# %%
visits["age"].hist()

# %%
X = visits[["age", "spent"]]
y = visits["back"]
model = LogisticRegression(C=0.5)
model.fit(X, y)
print(model.score(X, y))
