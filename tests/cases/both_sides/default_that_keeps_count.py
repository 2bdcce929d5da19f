# %%
rounds = 0


def part(items):
    global rounds
    rounds += 1
    return items[:2]


def run(items, part=part):
    return sum(part(items))


# %%
print(run([1, 2, 3]), rounds)
