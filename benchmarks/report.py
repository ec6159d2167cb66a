#!/usr/bin/env python3
"""Makes a page and the tables of benchmarks/README.md from the figures of a run.

    benchmarks/report.py results.jsonl [--html results.html] [--readme benchmarks/README.md]
    benchmarks/report.py --describe "SQLite 3.40.1, DuckDB v1.5.6"    # the first line of such a file

In the README only what stands between its two marks is written.
"""
import argparse
import datetime
import json
import os
import pathlib
import platform
import subprocess
import sys

import figures
import page

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"


def output_of(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def describe(versions):
    processor = platform.machine()
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                processor = line.split(":", 1)[1].strip()
                break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lmdb = output_of("pkg-config", "--modversion", "lmdb")
    return {
        "machine": f"{processor}, {os.cpu_count()} cores, {memory:.0f} GiB of memory, Linux {platform.release()}",
        "date": datetime.date.today().isoformat(),
        "commit": output_of("git", "rev-parse", "--short", "HEAD"),
        "compiler": (output_of("c++", "--version").splitlines() or [""])[0],
        "versions": versions + (f", LMDB {lmdb}" if lmdb else ""),
        "load": f"{os.getloadavg()[0]:.1f}",
    }


def number(value):
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2g}" if value < 1 else f"{value:.2f}"


def aims_table(results):
    lines = ["| workload | against | aim | measured | |", "|---|---|---|---|---|"]
    for aim in figures.AIMS:
        value = aim.measured(results)
        if value is None:
            shown, verdict = "not measured yet", ""
        else:
            unit = aim.workload.rpartition(", ")[2]  # of an aim that is no ratio
            shown = f"{number(value)} {unit if unit in ('ms', 'ns') else 'x'}"
            met = aim.met(results)
            verdict = "" if met is None else "met" if met else "**not met**"
        lines.append(f"| {aim.workload} | {aim.against} | {aim.aim} | {shown} | {verdict} |")
    return lines


def figures_table(results, lines):
    """Medians and spreads of each peer, and by which power of the scale relata's grow, where there are more scales."""
    peers = ["relata", "lmdb", "sqlite", "duckdb", "arrays", "memory", "record"]
    grown = len(figures.scales(lines)) > 1
    table = ["| workload | unit | " + " | ".join(peers) + (" | relata grows as |" if grown else " |"),
             "|---|---|" + "---|" * (len(peers) + grown)]
    for workload in results.workloads():
        cells, unit = [], ""
        for name in peers:
            figure = results.figure(workload, name)
            if figure is None:
                cells.append("")
                continue
            unit = figure["unit"]
            spread = f" ± {figure['spread'] * 100:.0f} %" if figure["repetitions"] > 1 else ""
            cells.append(number(figure["median"]) + spread)
        if grown:
            power = figures.slope([(line["scale"], line["median"]) for line in lines
                                   if (line["workload"], line["peer"]) == (workload, "relata")])
            cells.append("" if power is None else f"n^{power:.2f}")
        table.append(f"| {workload} | {unit} | " + " | ".join(cells) + " |")
    return table


def instructions_table(lines):
    """What callgrind counted; nothing if it did not."""
    counts = [line for line in lines if figures.is_count(line)]
    if not counts:
        return []
    table = ["### Instructions", "",
             f"Per read, scan or commit, counted by callgrind at {counts[0]['scale']:,} relations.", "",
             "| loop | peer | instructions | relata needs less |", "|---|---|---|---|"]
    for line in counts:
        ratio = "" if line["peer"] == "relata" or not line["ratio"] else f"{number(line['ratio'])} x"
        table.append(f"| {line['workload'].removesuffix(': instructions')} | {line['peer']} | {line['median']:,.0f} | "
                     f"{ratio} |")
    return [*table, ""]


def wins(results):
    """A line for each figure in which a peer did better than relata."""
    names = {"lmdb": "raw LMDB", "sqlite": "SQLite", "duckdb": "DuckDB", "arrays": "plain arrays",
             "memory": "Boost.MultiIndex", "record": "a dynamic record"}
    lines = []
    for workload in results.workloads():
        for name in results.peers(workload):
            ratio = results.ratio(workload, name)
            if name != "relata" and ratio and ratio < 0.97:
                lines.append(f"- {workload}: {names[name]} needs {number(ratio)} of what relata needs.")
    return lines or ["- Nowhere in this run."]


def readme_part(machine, lines):
    biggest = figures.Results(lines, figures.scales(lines)[-1])
    part = [
        BEGIN, "",
        f"Measured on {machine.get('date', '?')} at commit `{machine.get('commit', '?')}`, "
        f"{biggest.scale:,} relations, {5 * biggest.scale:,} orders, {10 * biggest.scale:,} interactions.", "",
        f"- Machine: {machine.get('machine', '?')}; load when it began: {machine.get('load', '?')}",
        f"- Versions: {machine.get('versions', '?')}; {machine.get('compiler', '?')}", "",
        "### Aims", "",
        "How many times as fast (or small) relata is, from medians of one run. No row is left out.", "",
        *aims_table(biggest), "", "### Figures", "",
        "Medians, with half the distance between the quartiles. Processor time of one thread, except for loads, commits, "
        "readers beside a writer, two threads, and opening, which are wall time.", "",
        *figures_table(biggest, lines), "", *instructions_table(lines), "### Where a peer wins", "", *wins(biggest), "",
        END
    ]
    return "\n".join(part)


def write_readme(path, machine, lines):
    path = pathlib.Path(path)
    text = path.read_text(encoding="utf-8")
    begin, end = text.index(BEGIN), text.index(END) + len(END)
    path.write_text(text[:begin] + readme_part(machine, lines) + text[end:], encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("results", nargs="?")
    parser.add_argument("--describe", metavar="VERSIONS")
    parser.add_argument("--html")
    parser.add_argument("--readme")
    arguments = parser.parse_args()
    if arguments.describe is not None:
        print(json.dumps(describe(arguments.describe)))
        return 0
    if arguments.results is None:
        parser.error("a file of results is needed")
    machine, lines = figures.read(arguments.results)
    if not lines:
        print(f"{arguments.results} has no figures", file=sys.stderr)
        return 1
    if arguments.html:
        pathlib.Path(arguments.html).write_text(page.make(machine, lines), encoding="utf-8")
        print(f"\nfigures in {arguments.results}, as a page in {arguments.html}")
    if arguments.readme:
        write_readme(arguments.readme, machine, lines)
        print(f"tables written to {arguments.readme}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
