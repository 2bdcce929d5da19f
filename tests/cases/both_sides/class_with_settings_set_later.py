# %%
class Settings:
    rate = 0.1
    name = "first"


class Shape:
    kind = "base"

    def who(self):
        return self.kind


# %%
Settings.rate = 0.5
Shape.kind = "changed"
# %%
print(Settings.rate, Settings.name, Shape().who())
