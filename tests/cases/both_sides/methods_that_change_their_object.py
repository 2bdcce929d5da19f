# %%
import pandas as pd


class Account:
    def __init__(self, value):
        self.value = value
        self.seen = []

    def sub(self, value):
        self.value -= value

    def start(self):
        self.seen.append(self.value)


class Cleaner:
    def __init__(self, frame):
        self.frame = frame

    def clip(self, column):
        self.frame[column] = self.frame[column].clip(0, 5)


# %%
first = Account(5)
first.sub(2)


def begin(account):
    account.start()


begin(first)
# %%
table = pd.DataFrame({"a": [-1, 3, 9]})
Cleaner(table).clip("a")
print(first.value, first.seen, table["a"].sum())
