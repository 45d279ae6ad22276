#!/usr/bin/env python3
"""Writes the cases of published geometry suites as one CSV, for the test `conformance` of the geometry room.

usage: conformance.py SUITES OUT.csv [--compact]

SUITES is a folder with `jts`, `martinez`, `polygon-clipping` and `rust-geo-booleanop` as unpacked from their repositories. Needs shapely. Rows:
`suite,case,operation,a,b,expected`; shapes are well-known text, several `b` are parted by `|`. What is expected is `true`, `false`, a distance, or,
of an overlay, `area:length:points` of the expected shape. With --compact only some short cases are written, for the repository.
"""
import csv
import json
import os
import sys
import xml.etree.ElementTree as xml

import shapely
from shapely.geometry import shape

csv.field_size_limit(1 << 30)
PREDICATES = ["intersects", "disjoint", "touches", "within", "contains", "covers", "crosses", "overlaps", "equalstopo",
              "coveredby", "isvalid", "distance", "iswithindistance"]
OVERLAYS = {"intersection": "intersection", "union": "union", "difference": "difference", "symdifference": "symmetric_difference"}


def text(geometry):
    return shapely.to_wkt(geometry, rounding_precision=-1, output_dimension=2)


def size(geometry):
    """Returns area, length of lines and number of points."""
    parts = [part for whole in shapely.get_parts([geometry]) for part in shapely.get_parts([whole])]
    of = lambda *kinds: [part for part in parts if part.geom_type in kinds and not part.is_empty]
    area = sum(part.area for part in of("Polygon"))
    length = sum(part.length for part in of("LineString", "LinearRing"))
    return f"{area!r}:{length!r}:{len(of('Point'))}"


def jts(folder):
    for root, _, files in sorted(os.walk(os.path.join(folder, "jts", "testxml"))):
        for name in sorted(files):
            try:
                tree = xml.parse(os.path.join(root, name)).getroot()
            except xml.ParseError:
                continue
            # Answers on a coarse grid, or none: the folder of failures says only what must not crash.
            rounded = any(model.get("scale") for model in tree.iter("precisionModel"))
            for number, case in enumerate(tree.iter("case")):
                given = {}
                for key in ("a", "b"):
                    found = case.find(key)
                    if found is not None and found.text and found.text.strip():
                        given[key] = geometry(found.text.strip())
                for test in case.iter("op"):
                    row = jts_row(test, given)
                    if row and not (row[0] in OVERLAYS.values() and (rounded or root.endswith("failure"))):
                        yield ("jts", f"{os.path.basename(root)}/{name}#{number}", *row)


def geometry(words):
    """Returns a geometry as text: ours where GEOS reads it, else the words themselves."""
    try:
        if words[0] in "0123456789ABCDEF" and len(words) > 20:
            return text(shapely.from_wkb(bytes.fromhex(words)))
        return text(shapely.from_wkt(words))
    except (shapely.GEOSException, ValueError):
        return " ".join(words.split())


def jts_row(op, given):
    name = op.get("name", "").lower().removesuffix("ng")
    said = " ".join((op.text or "").split())
    first = given.get((op.get("arg1") or "a").lower())
    second = given.get((op.get("arg2") or "").lower(), "")
    if not first or name not in PREDICATES + list(OVERLAYS):
        return None
    if name in OVERLAYS:
        try:
            expected = size(shapely.from_wkt(said))
        except (shapely.GEOSException, ValueError):
            return None
        return (OVERLAYS[name], first, second, expected) if second else None
    extra = op.get("arg3")
    if name == "iswithindistance":
        name = f"within {extra}"
    return (name, first, second, said.lower())


def features(path):
    with open(path) as file:
        whole = json.load(file)
    for one in whole.get("features", [whole]):
        held = one.get("geometry") or (one if one.get("coordinates") is not None else None)
        yield one.get("properties") or {}, held


def plain(held):
    """Returns the text of a GeoJSON polygon as it stands, also where GEOS would not take it."""
    parts = held["coordinates"] if held["type"] == "MultiPolygon" else [held["coordinates"]]

    def ring(coords):
        coords = coords if not coords or coords[0] == coords[-1] else [*coords, coords[0]]
        return "(" + ", ".join(f"{at[0]!r} {at[1]!r}" for at in coords) + ")"
    polygons = ["(" + ", ".join(ring(one) for one in part if one) + ")" for part in parts if part and part[0]]
    return f"MULTIPOLYGON ({', '.join(polygons)})" if polygons else "MULTIPOLYGON EMPTY"


def expected(held):
    if not held or not held.get("coordinates"):
        return "0.0:0.0:0"
    return size(shapely.make_valid(shape(held)))


def polygon_clipping(folder):
    base = os.path.join(folder, "polygon-clipping", "end-to-end")
    for name in sorted(os.listdir(base)):
        try:
            given = [plain(held) for _, held in features(os.path.join(base, name, "args.geojson"))]
        except (OSError, ValueError, KeyError, TypeError):
            continue
        for operation, ours in (("intersection", "intersection"), ("union", "union"), ("difference", "difference"), ("xor", "symmetric_difference"), ("all", "")):
            path = os.path.join(base, name, f"{operation}.geojson")
            if os.path.exists(path):
                said = expected(next(features(path))[1])
                for one in [ours] if ours else ["intersection", "union", "difference", "symmetric_difference"]:
                    yield "polygon-clipping", name, one, given[0], "|".join(given[1:]), said


def rust_geo_booleanop(folder):
    base = os.path.join(folder, "rust-geo-booleanop", "fixtures", "generic_test_cases")
    for name in sorted(os.listdir(base)):
        if name.endswith(".geojson"):
            every = list(features(os.path.join(base, name)))
            given = [plain(held) for _, held in every[:2]]
            for properties, held in every[2:]:
                operation = {"xor": "symmetric_difference"}.get(properties.get("operation"), properties.get("operation"))
                if operation == "difference_ba":
                    yield "rust-geo-booleanop", name, "difference", given[1], given[0], expected(held)
                elif operation in OVERLAYS.values():
                    yield "rust-geo-booleanop", name, operation, given[0], given[1], expected(held)


def martinez(folder):
    """The suite's own expectations are few; GEOS tells what is expected of those that are valid."""
    base = os.path.join(folder, "martinez", "fixtures")
    for name in sorted(os.listdir(base)):
        try:
            held = [one for _, one in features(os.path.join(base, name)) if one]
            given = [plain(one) for one in held[:2]]
            a, b = (shape(one) for one in held[:2])
        except (ValueError, KeyError, TypeError, OSError, shapely.GEOSException):
            continue
        if not (a.is_valid and b.is_valid):
            yield "martinez", name, "isvalid", given[0], "", str(a.is_valid).lower()
            yield "martinez", name, "isvalid", given[1], "", str(b.is_valid).lower()
            continue
        for operation in OVERLAYS.values():
            yield "martinez", name, operation, *given, size(getattr(shapely, operation)(a, b))


def main():
    suites, out = sys.argv[1:3]
    compact = "--compact" in sys.argv
    with open(out, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["suite", "case", "operation", "a", "b", "expected"])
        seen = set()
        for row in (row for suite in (jts, martinez, polygon_clipping, rust_geo_booleanop) for row in suite(suites)):
            key = row[2:]
            if key in seen:
                continue
            seen.add(key)
            # Of the many predicates every third; of all others each that is short.
            third = row[2] not in OVERLAYS.values() and row[0] == "jts" and len(seen) % 3
            if not compact or (len(row[3]) + len(row[4]) <= 280 and not third):
                writer.writerow(row)


if __name__ == "__main__":
    main()
