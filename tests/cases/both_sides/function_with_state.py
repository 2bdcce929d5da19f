# %%
def area(width, height):
    area.calls += 1
    return width * height


area.calls = 0
# %%
areas = [area(2, 3), area(4, 5)]
print(areas, area.calls)
