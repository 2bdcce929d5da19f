# %%
import matplotlib.pyplot as plt
import pandas as pd

scores = pd.Series([1, 2, 2, 3, 5])
figure, axes = plt.subplots(1, 2)
axes[0].hist(scores)
# %%
axes[1].plot(scores, ".")
axes[1].set_title("later")
figure.savefig("both.png")
print(len(scores))
