# %%
from functools import partial

calls = []


def traced(function, calls):
    def call(*args):
        calls.append(function.__name__)
        return function(*args)

    return call


def logged(function):
    return traced(function, calls)


# %%
@logged
def doubled(number):
    return 2 * number


@partial(traced, calls=calls)
def halved(number):
    return number / 2


# %%
print(halved(doubled(4)), calls)
