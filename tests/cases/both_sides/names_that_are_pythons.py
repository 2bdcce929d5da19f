# %%
values = [3, 1, 2]
print(sum(values), len(values))
max = max(values)
sum = 0
for value in values:
    sum += value
print(max, sum)
# %%
list = list(range(max))
print(list, max + sum)
