# %%
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge

# %%
df = load_diabetes(as_frame=True).frame
model = Ridge(alpha=0.5)
model.fit(df.drop(columns="target"), df["target"])
