# %%
import pandas as pd
from sklearn.cluster import KMeans

# %%
df = pd.DataFrame({"size": [1, 2, 3, 10, 11, 12], "weight": [1.0, 2.0, 1.5, 9.0, 9.5, 9.1]})
model = KMeans(n_clusters=2, random_state=0)
model.fit(df)
