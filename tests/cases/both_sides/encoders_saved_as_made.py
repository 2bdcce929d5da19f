# %%
import pickle
from collections import defaultdict

import pandas as pd
from sklearn.preprocessing import LabelEncoder
from sklearn.tree import DecisionTreeClassifier

# %%
df = pd.DataFrame({"sex": list("fmfm"), "plan": list("abca"), "y": [0, 1, 0, 1]})
df.to_csv("people.csv", index=False)
# %%
people = pd.read_csv("people.csv")
encoders = defaultdict(LabelEncoder)
coded = ["sex", "plan"]
people[coded] = people[coded].apply(lambda x: encoders[x.name].fit_transform(x))
# %%
with open("encoders.pkl", "wb") as f:
    pickle.dump(encoders, f)
# %%
model = DecisionTreeClassifier(random_state=0)
model.fit(people[["sex", "plan"]], people["y"])
print(model.predict(people[["sex", "plan"]]))
# %%
with open("encoders.pkl", "rb") as f:
    again = pickle.load(f)
print(type(again).__name__, type(again["another"]).__name__, again["plan"].classes_)
