#!/usr/bin/env python3
"""Runs the peers and ours on the same files in the same run, and prints Markdown tables of times, ratios and peak memory.

usage: peers.py --kit KIT --data DATA [--size M] [--rows areas,threads] [--peers NAMES] [--limit N] [--postgis DSN]

KIT is the folder of the benchmark kit (gen.py, peer_*.py, subdivide.py, compare.py); DATA a folder for its files, which are generated where they
are missing. Both stay outside the repository. Run it with a Python that has the kit's requirements; a peer that is not installed is left out
and named. CPU is in seconds of all threads of the phase named, without reading; "times ours" is its ratio to ours in this run.

A group of rows is one function in GROUPS: it gets the settings and returns the lines of its table.
"""
import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time

LAYERS = ["farmland", "plan", "redline", "urban"]
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# Name: script, arguments, whether it reads the layers that were split before, whether it is run only when named.
PEERS = {
    "shapely-split": ("peer_shapely.py", ["--mode", "subdivide"], False, False),
    "geopandas-split": ("peer_geopandas.py", [], True, False),
    "sedonadb-split": ("peer_sedonadb.py", [], True, False),
    "duckdb-split": ("peer_duckdb.py", ["--threads", "1"], True, False),
    "postgis-split": ("peer_postgis.py", ["--mode", "subdivide"], False, False),
    "shapely-raw": ("peer_shapely.py", ["--mode", "raw"], False, True),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kit", required=True)
    parser.add_argument("--data", required=True)
    parser.add_argument("--size", default="M", choices=["S", "M", "L"])
    parser.add_argument("--rows", default=",".join(GROUPS))
    parser.add_argument("--peers", default=",".join(name for name, peer in PEERS.items() if not peer[3]))
    parser.add_argument("--limit", type=int, default=0, help="first N proposals only, for all")
    parser.add_argument("--bench", help="the executable of the overlay bench; built where it is not given")
    parser.add_argument("--postgis", help="DSN of a PostGIS server on this machine")
    settings = parser.parse_args()
    settings.scratch = tempfile.mkdtemp(prefix="peers-")
    generate(settings)
    settings.bench = settings.bench or build()
    for name in settings.rows.split(","):
        print("\n".join(GROUPS[name](settings)), flush=True)


def generate(settings):
    """Makes the files of the generator that are missing."""
    names = [*LAYERS, f"proposals_{settings.size}"]
    if not all(os.path.exists(os.path.join(settings.data, f"{name}.geojson")) for name in names):
        run([sys.executable, "gen.py", settings.data, "--sizes", settings.size, "--formats", "geojson"], settings)


def build():
    """Returns the executable of the overlay bench."""
    made = subprocess.run(["cargo", "bench", "--bench", "overlay", "--no-run", "--message-format=json"],
                          cwd=ROOT, check=True, capture_output=True, text=True).stdout
    told = [json.loads(line) for line in made.splitlines() if line.startswith("{")]
    return next(one["executable"] for one in told if one.get("executable") and one["target"]["name"] == "overlay")


def run(command, settings, env=None):
    """Runs a command in the kit's folder; returns what it printed, the wall seconds and the peak memory in MiB."""
    started = time.perf_counter()
    job = subprocess.Popen(command, cwd=settings.kit, env={**os.environ, **(env or {})}, text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    printed, errors = job.communicate()
    if job.returncode:
        raise RuntimeError(f"{' '.join(command)}: {errors.strip().splitlines()[-1:] or job.returncode}")
    peak = re.search(r"peak_rss_mib\": (\d+)", printed)
    return printed, time.perf_counter() - started, int(peak[1]) if peak else None


def ours(settings, rows, layers=LAYERS):
    """Runs the overlay bench; returns its output by lines and its peak memory in MiB."""
    env = {"GUIJU_BENCH_DATA": settings.data, "GUIJU_BENCH_SIZE": settings.size, "GUIJU_BENCH_ROWS": rows,
           "GUIJU_BENCH_LAYERS": ",".join(layers), "GUIJU_BENCH_LIMIT": str(settings.limit),
           "GUIJU_BENCH_OUT": os.path.join(settings.scratch, "ours.csv")}
    watched = ("import resource, subprocess, sys; done = subprocess.run([sys.argv[1], '--bench']).returncode;"
               "print('peak_rss_mib\": %d' % (resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)); sys.exit(done)")
    printed, _, peak = run([sys.executable, "-c", watched, settings.bench], settings, env)
    return printed.splitlines(), peak


def seconds(lines, layer, what):
    """Returns the seconds on the line of a layer that begins with the words `what`."""
    found = (re.match(rf"{layer}\s+{what}\s*([\d.]+) s", line) for line in lines)
    return next(float(one[1]) for one in found if one)


def peer(settings, name, extra=()):
    """Runs a peer; returns its report, or why there is none."""
    script, arguments, split, _ = PEERS[name]
    if script == "peer_postgis.py":
        if not settings.postgis:
            return "no server given"
        arguments = [*arguments, "--dsn", settings.postgis]
    proposals = os.path.join(settings.data, f"proposals_{settings.size}.geojson")
    if split:
        # The same coordinates as in the GeoJSON, in the one format that all of these read.
        same = os.path.join(settings.data, f"proposals_{settings.size}_same.parquet")
        if not os.path.exists(same):
            run([sys.executable, "-c", "import geopandas, sys; geopandas.read_file(sys.argv[1]).to_parquet(sys.argv[2])", proposals, same], settings)
        proposals = same
    layers = ["--format", "parquet", "--suffix", "_sub"] if split else ["--format", "geojson"]
    if split and not all(os.path.exists(os.path.join(settings.data, f"{one}_sub.parquet")) for one in LAYERS):
        run([sys.executable, "subdivide.py", "--data", settings.data, "--format", "geojson"], settings)
    out = ["--out", os.path.join(settings.scratch, f"{name}.csv")]
    limit = ["--limit", str(settings.limit)] if settings.limit else []
    try:
        printed, _, _ = run([sys.executable, script, "--data", settings.data, "--proposals", proposals,
                             *layers, *arguments, *out, *limit, *extra], settings)
    except RuntimeError as reason:
        return str(reason)
    return json.loads(printed.splitlines()[-1])


def overlay(report, layer, clock):
    return report[f"overlay:{layer}"][clock]


def areas(settings):
    """CPU of the overlay phase on one thread; packages and corridors, and the shapes of all pairs, of ours apart."""
    lines, peak = ours(settings, "areas,shapes")
    own = {layer: seconds(lines, layer, "areas") for layer in LAYERS}
    shapes = {layer: sum(seconds(lines, layer, f"shapes {kind}") for kind in ("parcels", "packages", "corridors"))
              for layer in LAYERS}
    prepare = sum(seconds(lines, layer, "prepare") for layer in LAYERS)
    table = [f"Areas of all pairs, size {settings.size}" + (f", first {settings.limit} proposals" if settings.limit else "")
             + ", CPU seconds, one thread:", "",
             "| way | " + " | ".join(LAYERS) + " | all | times ours | times our shapes | prepare | peak MiB |",
             "|---" * (len(LAYERS) + 6) + "|"]

    def row(name, each, prepared, memory):
        whole = sum(each.values())
        cells = " | ".join(f"{each[layer]:.3f}" for layer in LAYERS)
        return (f"| {name} | {cells} | {whole:.3f} | {whole / sum(own.values()):.2f} | {whole / sum(shapes.values()):.2f} "
                f"| {prepared:.2f} | {memory or '-'} |")
    table += [row("ours, areas", own, prepare, peak), row("ours, with shapes", shapes, prepare, peak)]
    notes = []
    for name in settings.peers.split(","):
        report = peer(settings, name)
        if isinstance(report, str):
            notes.append(f"- {name}: {report}")
            continue
        prepared = sum(report.get(phase, {}).get("cpu_s", 0.0) for phase in ("subdivide", "index"))
        each = {layer: overlay(report, layer, "cpu_s") for layer in LAYERS}
        table.append(row(name, each, prepared, report.get("backend_vmhwm_mib") or report["peak_rss_mib"]))
        notes.append(f"- {name} against ours: {compared(settings, name)}")
    for kind in ("parcels", "packages", "corridors"):
        each = {layer: seconds(lines, layer, kind) for layer in LAYERS}
        table.append(row(f"ours, areas of {kind}", each, 0.0, None))
    return [*table, "", *notes, ""]


def compared(settings, name):
    """Returns what comparing the areas of a peer with ours says, at its worst layer."""
    files = [os.path.join(settings.scratch, f"{one}.csv") for one in (name, "ours")]
    said = subprocess.run([sys.executable, "compare.py", *files], cwd=settings.kit, capture_output=True, text=True)
    worst = max((float(found) for found in re.findall(r"max abs (\S+) m2", said.stdout)), default=float("nan"))
    return f"{'all pairs agree' if worst <= 1e-5 else 'DIFFERENT'}, largest difference {worst:.2g} m2"


def threads(settings):
    """Wall seconds with two threads or processes against one, of those that offer the choice."""
    lines, _ = ours(settings, "threads")
    table = [f"Wall seconds of the overlay phase, size {settings.size}, all layers:", "", "| way | one | two | times |", "|---|---|---|---|"]

    def row(name, one, two):
        return f"| {name} | {one:.2f} | {two:.2f} | {one / two:.2f} |"
    told = [re.match(r"\w+\s+two threads\s+([\d.]+) s  by the clock, one ([\d.]+) s", line) for line in lines]
    pairs = [(float(one[2]), float(one[1])) for one in told if one]
    table.append(row("ours", sum(one for one, _ in pairs), sum(two for _, two in pairs)))
    busiest = [re.match(r"\w+\s+busiest\s+([\d.]+) s  one ([\d.]+) s", line) for line in lines]
    pairs = [(float(one[2]), float(one[1])) for one in busiest if one]
    table.append(row("ours, CPU of the busiest thread", sum(one for one, _ in pairs), sum(two for _, two in pairs)))
    for name, option in (("shapely-split", "--procs"), ("duckdb-split", "--threads")):
        if name in settings.peers.split(","):
            both = [peer(settings, name, [option, count]) for count in ("1", "2")]
            if not any(isinstance(report, str) for report in both):
                table.append(row(name, *(sum(overlay(report, layer, "wall_s") for layer in LAYERS) for report in both)))
    return [*table, ""]


GROUPS = {"areas": areas, "threads": threads}

if __name__ == "__main__":
    main()
