# %%
import pandas as pd
from sklearn.linear_model import LogisticRegression

# %%
df = pd.read_csv("loans.csv", parse_dates=["opened on"])
y = df["class"].map({"paid": 0, "default": 1})
model = LogisticRegression(C=0.5)
model.fit(df[["amount"]], y)
