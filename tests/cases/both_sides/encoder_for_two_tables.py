# %%
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import LabelEncoder

train = pd.DataFrame({"town": ["Oslo", "Voss", "Oslo"], "plan": ["a", "b", "b"], "paid": [1, 2, 3]})
later = pd.DataFrame({"town": ["Voss", "Oslo"], "plan": ["b", "a"]})
# %%
encoder = LabelEncoder()
for column in ["town", "plan"]:
    train[column] = encoder.fit_transform(train[column])
    later[column] = encoder.transform(later[column])
    print(column, list(encoder.classes_))
# %%
inputs = train[["town", "plan"]]
model = LinearRegression().fit(inputs, train["paid"])
print(model.predict(later).round(6))
