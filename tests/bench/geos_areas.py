#!/usr/bin/env python3
"""Writes fixtures/geometry/geos_areas.csv: pairs of polygons and the area GEOS finds in common (shapely). Deterministic.

usage: geos_areas.py OUT.csv
"""
import csv
import math
import random
import sys

import shapely

EAST, NORTH = 39_500_000.0, 3_400_000.0


def star(chance, vertices, least, most, x, y, digits=4):
    angles = [math.tau * at / vertices for at in range(vertices)]
    radii = [chance.uniform(least, most) for _ in angles]
    return [(round(x + r * math.cos(t), digits), round(y + r * math.sin(t), digits)) for r, t in zip(radii, angles)]


def polygon(chance, x, y):
    kind = chance.randrange(4)
    vertices = chance.choice([3, 5, 9, 16])
    shell = star(chance, vertices, 20, 60, x, y, digits=0 if kind == 1 else 4)
    hole = [star(chance, 5, 2, 9, x, y)[::-1]] if kind == 2 else []
    made = shapely.Polygon(shell, hole)
    return shapely.union_all([shapely.box(x + 10 * i, y + 10 * j, x + 10 * i + 10, y + 10 * j + 10)
                              for i in range(4) for j in range(4) if chance.random() < 0.5]) if kind == 3 else made


def main():
    chance = random.Random(7)
    with open(sys.argv[1], "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["a", "b", "area_m2"])
        written = 0
        while written < 200:
            x, y = chance.choice([(0.0, 0.0), (EAST, NORTH)])
            a = polygon(chance, x, y)
            b = polygon(chance, x + chance.randint(-30, 30), y + chance.randint(-30, 30))
            if written % 10 == 0:
                b = shapely.transform(a, lambda at: at + [10.0 ** -chance.randint(2, 8), 0.0])
            if a.is_valid and b.is_valid and not a.is_empty and not b.is_empty:
                writer.writerow([shapely.to_wkt(one, rounding_precision=-1) for one in (a, b)] + [repr(a.intersection(b).area)])
                written += 1


if __name__ == "__main__":
    main()
