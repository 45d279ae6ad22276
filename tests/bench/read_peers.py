"""Reads the same files with Guiju, pyogrio/GDAL and DuckDB, and prints the CPU seconds of each beside each other.

    cargo build --release && cargo bench --bench read --no-run      # prints the bench's path
    python tests/bench/read_peers.py BENCH FOLDER [NAME ...]

FOLDER holds NAME.fgb of the generator; NAME.shp, NAME.gpkg and NAME.parquet are made beside them where they are missing. Every reader
runs in a process of its own, with one thread, and counts the vertices, so that it has looked at each shape. `read_arrow` hands on
well-known binary without looking into it: it is the least that GDAL can do.
"""

import json
import os
import pathlib
import subprocess
import sys

ONE = {
    "pyogrio": """
import sys, time, pyogrio
start = time.process_time()
table = pyogrio.read_arrow(sys.argv[1])[1]
print(time.process_time() - start)
""",
    "geopandas": """
import sys, time, pyogrio, shapely
start = time.process_time()
frame = pyogrio.read_dataframe(sys.argv[1]) if not sys.argv[1].endswith(".parquet") else __import__("geopandas").read_parquet(sys.argv[1])
shapely.get_num_coordinates(frame.geometry.values).sum()
print(time.process_time() - start)
""",
    "duckdb": """
import sys, time, duckdb
con = duckdb.connect()
con.execute("LOAD spatial; SET threads = 1")
path = sys.argv[1]
source = f"read_parquet('{path}')" if path.endswith(".parquet") else f"ST_Read('{path}')"
column = "geometry" if path.endswith(".parquet") else "geom"
start = time.process_time()
con.execute(f"SELECT count(*), sum(ST_NPoints({column})), max(length(name)), max(length(dlbm)) FROM {source}").fetchall()
print(time.process_time() - start)
""",
}


def make(folder, name):
    import pyogrio

    source = folder / f"{name}.fgb"
    for end, driver, options in [("shp", "ESRI Shapefile", {"encoding": "GBK"}), ("gpkg", "GPKG", {})]:
        if not (folder / f"{name}.{end}").exists():
            pyogrio.write_dataframe(pyogrio.read_dataframe(source), folder / f"{name}.{end}", driver=driver, **options)


def peer(code, path):
    run = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, env=os.environ | {"OMP_NUM_THREADS": "1"})
    # Whatever stands before it is a bar of progress.
    return float(run.stdout.split()[-1]) if run.returncode == 0 else None


def main():
    bench, folder, names = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3:] or ["farmland", "plan", "proposals_M"]
    shown = lambda seconds: "     -" if seconds is None else f"{seconds:6.2f}"
    print("file                      raw  layer  arrow geopandas duckdb   features  vertices  peak/flat")
    for name in names:
        make(folder, name)
        for end in ["fgb", "parquet", "shp", "gpkg", "geojson"]:
            path = folder / f"{name}.{end}"
            environment = os.environ | {"GUIJU_BENCH_FILES": str(path), "RAYON_NUM_THREADS": "1"}
            ours = json.loads(subprocess.run([bench, "--bench"], capture_output=True, text=True, env=environment, check=True).stdout)
            peers = [None if end == "parquet" and key == "pyogrio" else peer(code, path) for key, code in ONE.items()]
            flat = ours["peak_kb"] * 1024 / (16 * ours["vertices"])
            print(f"{path.name:22} {shown(ours['raw_s'])} {shown(ours['layer_s'])} {shown(peers[0])}    {shown(peers[1])} {shown(peers[2])}"
                  f" {ours['features']:10} {ours['vertices']:9} {flat:9.2f}", flush=True)


main()
