# %% [markdown]
# # Orders that come back
# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.preprocessing import LabelEncoder

# %%
orders = pd.read_csv("orders.csv")
print(orders.shape)
orders = orders.drop(columns=["buyer", "class"])
# %%
orders["Unit Price"] = orders["Unit Price"].fillna(orders["Unit Price"].median())
orders["size"] = LabelEncoder().fit_transform(orders["size"])
orders = pd.get_dummies(orders, columns=["way"])
orders["float"] = orders["float"].str.len()
# %%
X = orders.drop(columns="back")
y = orders["back"]
model = LogisticRegression(max_iter=500)
model.fit(X, y)
accuracy_score(y, model.predict(X))
