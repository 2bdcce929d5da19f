# %%
def cleaned(numbers):
    return [number or 0 for number in numbers]


def total(numbers):
    return sum(cleaned(numbers))


print(total([1, None, 3]))
# %%
def cleaned(numbers):
    return [number or 10 for number in numbers]


print(total([1, None, 3]))
