# %%
import pandas as pd
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

people = pd.DataFrame({"age": [20.0, 30.0, 60.0], "visits": [1.0, 5.0, 3.0], "paid": [1, 2, 3]})
scaler = StandardScaler()
scaler.with_std = False
# %%
for column in ["age", "visits"]:
    people[column] = scaler.fit_transform(people[[column]])
    print(column, scaler.mean_)
# %%
inputs = people[["age", "visits"]]
model = LinearRegression().fit(inputs, people["paid"])
print(inputs["age"].std().round(6), model.predict(inputs).round(6))
