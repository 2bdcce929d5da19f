# %%
import pandas as pd

people = pd.DataFrame({"age": [23, 41, 67, 80], "pay": [1.0, 2.5, 3.0, 1.5]})
limit = 60
usual = people["pay"].mean()
# %%
print(len(people.query("age > @limit")))
# %%
def paid_above(table, least):
    return table.query("pay > @usual and age > @least")


print(paid_above(people, 30))
# %%
people.query(f"age > @limit and pay < {2}").to_csv("old.csv")
print(people.eval("above = pay - @usual"))
