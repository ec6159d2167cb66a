#!/usr/bin/env python3
"""Counts the instructions of the hot loops with callgrind, and appends them to the figures of a run.

    benchmarks/instructions.py build-benchmarks/benchmarks/instruction_benchmark FOLDER results.jsonl [--scale 10000]

A figure is of one read, one scan or one commit, in instructions; it has no spread. Valgrind emulates the processor: it
has no AVX-512, so a loop that would use it is counted as it runs without.
"""
import argparse
import json
import pathlib
import re
import shutil
import subprocess
import sys

LOOPS = {
    "read by id, one field": ["relata", "lmdb", "sqlite", "memory"],
    "read by unique key, one field": ["relata", "lmdb", "sqlite", "memory"],
    "four-condition scan": ["relata", "duckdb", "sqlite", "arrays"],
    "update, 0 segments": ["relata"],
    "update, 100 segments": ["relata"],
}


def total_of(text):
    """What a file of callgrind counted in all, or None. Its summary is of the last part alone."""
    found = re.search(r"^totals: (\d+)", text, re.MULTILINE)
    return int(found[1]) if found else None


def count(program, workload, peer, folder, scale):
    """Instructions per read, scan or commit; None where the peer has no such loop or the counting failed."""
    out = pathlib.Path(folder) / "callgrind.out"
    out.unlink(missing_ok=True)
    run = subprocess.run(["valgrind", "--tool=callgrind", "--instr-atstart=no", f"--callgrind-out-file={out}",
                          program, workload, peer, folder, str(scale)], capture_output=True, text=True)
    if run.returncode != 0:
        print(f"{workload}, {peer}: not counted: {(run.stderr.strip().splitlines() or ['?'])[-1]}", file=sys.stderr)
        return None
    if not run.stdout.strip() or not out.exists():
        return None
    total = total_of(out.read_text(encoding="utf-8"))
    return None if not total else total / int(run.stdout)


def lines_of(workload, counts, scale):
    """A line per peer, as the benchmarks themselves write them."""
    own = counts.get("relata")
    return [{"workload": f"{workload}: instructions", "scale": scale, "peer": peer, "threads": 1, "median": value,
             "least": value, "greatest": value, "spread": 0, "wall": 0, "unit": "instr.", "repetitions": 1,
             "ratio": round(value / own, 4) if own else None} for peer, value in counts.items()]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("program")
    parser.add_argument("folder")
    parser.add_argument("results")
    parser.add_argument("--scale", type=int, default=10_000)
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    if shutil.which("valgrind") is None:
        print("instructions are not counted: there is no valgrind")
        return 0
    pathlib.Path(arguments.folder).mkdir(parents=True, exist_ok=True)
    subprocess.run([arguments.program, "load", "", arguments.folder, str(arguments.scale)], check=True)
    for workload, peers in LOOPS.items():
        if arguments.only not in workload:
            continue
        counts = {}
        for peer in peers:
            value = count(arguments.program, workload, peer, arguments.folder, arguments.scale)
            if value is not None:
                counts[peer] = value
        lines = lines_of(workload, counts, arguments.scale)
        with open(arguments.results, "a", encoding="utf-8") as file:
            file.writelines(json.dumps(line) + "\n" for line in lines)
        for line in lines:
            ratio = "" if line["peer"] == "relata" or not line["ratio"] else f"{line['ratio']:.2f} x"
            print(f"{line['workload']:46} {line['peer']:8} {line['median']:16,.0f} instructions  {ratio}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
