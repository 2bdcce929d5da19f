# %%
import datetime
from random import seed, shuffle
from statistics import pstdev as spread


def wide(values):
    return spread(values)


start = datetime.datetime(2020, 1, 1)
seed(3)
order = [1, 2, 3, 4, 5, 6]
shuffle(order)
print(start.year, wide([1, 2, 3, 5]), order)
# %%
from datetime import datetime
from statistics import stdev as spread

from sklearn.utils import shuffle

later = datetime(2021, 1, 1)
mixed = shuffle([1, 2, 3, 4], random_state=3)
print((later - start).days, spread([1, 2, 3, 5]), mixed)
