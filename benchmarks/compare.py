#!/usr/bin/env python3
"""Compares two runs of the benchmarks, and flags what became slower beyond noise.

    benchmarks/compare.py before.jsonl after.jsonl [--peer relata] [--at-least 0.05]

Noise is what both runs' spreads add up to, twice, and at least five per cent. Where the same peers were measured in both
runs, what the machine itself gained or lost (the median change of the other peers) is taken off first. Exit code 1 if
anything became slower.
"""
import argparse
import statistics
import sys

import figures


TIMES = ("s", "ms", "us", "ns")


def changes(before, after, name):
    """(workload, scale) -> (change of the median, noise, whether it is a time), for one peer."""
    old = {(line["workload"], line["scale"]): line for line in before if line["peer"] == name}
    found = {}
    for line in after:
        key = (line["workload"], line["scale"])
        if line["peer"] != name or key not in old or not old[key]["median"]:
            continue
        found[key] = (line["median"] / old[key]["median"], 2 * (line["spread"] + old[key]["spread"]),
                      line["unit"] in TIMES)
    return found


def drift(before, after, name):
    """How much slower the other peers became, sizes and counts aside: the machine's own doing."""
    others = {line["peer"] for line in after} - {name}
    ratios = [change for other in others for change, _, is_time in changes(before, after, other).values() if is_time]
    return statistics.median(ratios) if len(ratios) >= 3 else 1.0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("before")
    parser.add_argument("after")
    parser.add_argument("--peer", default="relata")
    parser.add_argument("--at-least", type=float, default=0.05, metavar="PART")
    arguments = parser.parse_args()
    before, after = figures.read(arguments.before)[1], figures.read(arguments.after)[1]
    machine = drift(before, after, arguments.peer)
    found = changes(before, after, arguments.peer)
    if not found:
        print(f"the two runs have no workload of {arguments.peer} in common", file=sys.stderr)
        return 2
    print(f"the machine: {machine:.2f} x as slow, by the other peers")
    slower = 0
    for (workload, scale), (change, noise, is_time) in sorted(found.items(), key=lambda item: -item[1][0]):
        relative = change / machine if is_time else change
        bound = max(noise, arguments.at_least)
        verdict = "SLOWER" if relative > 1 + bound else "faster" if relative < 1 / (1 + bound) else ""
        slower += verdict == "SLOWER"
        print(f"{workload:38} {scale:>9,} {relative:6.2f} x  (noise {bound * 100:3.0f} %)  {verdict}")
    return 1 if slower else 0


if __name__ == "__main__":
    sys.exit(main())
