#!/usr/bin/env python3
"""Tests reading, comparing and reporting figures, on lines made up here."""
import contextlib
import io
import json
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import compare  # noqa: E402
import figures  # noqa: E402
import instructions  # noqa: E402
import page  # noqa: E402
import report  # noqa: E402

SCAN = "four-condition scan"


def line(workload, peer, median, ratio=None, spread=0.01, scale=1000, unit="ms"):
    return {"workload": workload, "scale": scale, "peer": peer, "threads": 1, "median": median, "least": median,
            "greatest": median, "spread": spread, "wall": median, "unit": unit, "repetitions": 5, "ratio": ratio}


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def file(self, name, lines, tail=""):
        path = self.folder / name
        path.write_text("".join(json.dumps(one) + "\n" for one in lines) + tail, encoding="utf-8")
        return str(path)


class ReadTest(Folder):
    def test_a_line_that_was_cut_short_is_left_out(self):
        path = self.file("r.jsonl", [{"machine": "m"}, line(SCAN, "relata", 1)], '{"workload":"four-co')
        machine, lines = figures.read(path)
        self.assertEqual(machine["machine"], "m")
        self.assertEqual([one["peer"] for one in lines], ["relata"])

    def test_what_was_measured_last_counts(self):
        results = figures.Results([line(SCAN, "relata", 1), line(SCAN, "relata", 2)], 1000)
        self.assertEqual(results.median(SCAN), 2)


class AimTest(unittest.TestCase):
    def aim(self, workload, against):
        return next(aim for aim in figures.AIMS if (aim.workload, aim.against) == (workload, against))

    def test_an_aim_is_met_not_met_or_not_measured(self):
        aim = self.aim(SCAN, "DuckDB")
        self.assertIs(aim.met(figures.Results([line(SCAN, "duckdb", 12, 12.0)], 1000)), True)
        self.assertIs(aim.met(figures.Results([line(SCAN, "duckdb", 9, 9.0)], 1000)), False)
        self.assertIsNone(aim.met(figures.Results([], 1000)))

    def test_a_file_may_be_half_as_large_again(self):
        aim = self.aim("file size with the same indexes, change log included", "SQLite")
        self.assertIs(aim.met(figures.Results([line("file, five indexes", "sqlite", 10, 0.7)], 1000)), True)
        self.assertIs(aim.met(figures.Results([line("file, five indexes", "sqlite", 10, 0.6)], 1000)), False)

    def test_eight_threads_are_measured_against_one(self):
        aim = self.aim("durable commit, 8 threads", "own single thread")
        lines = [line("durable commit, 1 thread", "relata", 90), line("durable commit, 8 threads", "relata", 30)]
        self.assertEqual(aim.measured(figures.Results(lines, 1000)), 3)


class CompareTest(Folder):
    def compare(self, before, after):
        said = io.StringIO()
        arguments = ["compare.py", self.file("a", before), self.file("b", after)]
        with mock.patch.object(sys, "argv", arguments), contextlib.redirect_stdout(said):
            return compare.main(), said.getvalue()

    def test_slower_beyond_noise_is_flagged(self):
        code, said = self.compare([line(SCAN, "relata", 100)], [line(SCAN, "relata", 120)])
        self.assertEqual(code, 1)
        self.assertIn("SLOWER", said)

    def test_noise_is_not(self):
        noisy = [line(SCAN, "relata", 100, spread=0.06)]
        self.assertEqual(self.compare(noisy, [line(SCAN, "relata", 120, spread=0.06)])[0], 0)

    def test_a_slower_machine_is_not(self):
        others = ["sqlite", "duckdb", "arrays"]
        before = [line(SCAN, name, 100) for name in ["relata", *others]]
        after = [line(SCAN, name, 150) for name in ["relata", *others]]
        self.assertEqual(self.compare(before, after)[0], 0)

    def test_a_larger_file_is_whatever_the_machine_does(self):
        file = "file, five indexes"
        before, after = line(file, "relata", 10, spread=0, unit="MiB"), line(file, "relata", 11, spread=0, unit="MiB")
        others = ["sqlite", "duckdb", "arrays"]
        code, _ = self.compare([before, *(line(SCAN, name, 100) for name in others)],
                               [after, *(line(SCAN, name, 150) for name in others)])
        self.assertEqual(code, 1)

    def test_more_instructions_are_a_regression(self):
        before = instructions.lines_of(SCAN, {"relata": 100.0, "sqlite": 2500.0}, 10_000)
        after = instructions.lines_of(SCAN, {"relata": 107.0, "sqlite": 2500.0}, 10_000)
        self.assertEqual(self.compare(before, after)[0], 1)
        self.assertEqual(self.compare(after, before)[0], 0)


class ReportTest(Folder):
    LINES = [line(SCAN, "relata", 2), line(SCAN, "sqlite", 40, 20.0), line(SCAN, "arrays", 1, 0.5)]

    def test_only_what_stands_between_the_marks_is_written(self):
        path = self.folder / "README.md"
        path.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n", encoding="utf-8")
        report.write_readme(path, {"machine": "m"}, self.LINES)
        text = path.read_text(encoding="utf-8")
        self.assertTrue(text.startswith("before\n") and text.endswith("\nafter\n"))
        self.assertNotIn("old", text)
        for aim in figures.AIMS:
            self.assertIn(f"| {aim.workload} | {aim.against} | {aim.aim} |", text)

    def test_an_aim_in_nanoseconds_is_no_ratio(self):
        table = report.aims_table(figures.Results([line("count of a segment", "relata", 99, unit="ns")], 1000))
        self.assertIn("| count of a segment, ns |  | under 1,000 ns | 99.0 ns | met |", table)

    def test_where_a_peer_wins_is_said(self):
        self.assertEqual(report.wins(figures.Results(self.LINES, 1000)),
                         [f"- {SCAN}: plain arrays needs 0.5 of what relata needs."])

    GROWN = LINES + [dict(one, scale=10_000, median=one["median"] * 10) for one in LINES]

    def test_the_page_tells_how_time_grows(self):
        self.assertIn("n<sup>1.00</sup>", page.make({"machine": "m"}, self.GROWN))

    def test_the_table_tells_how_time_grows(self):
        table = report.figures_table(figures.Results(self.GROWN, 10_000), self.GROWN)
        self.assertTrue(table[0].endswith("| relata grows as |"))
        self.assertTrue(table[2].endswith("| n^1.00 |"))
        self.assertNotIn("grows", report.figures_table(figures.Results(self.LINES, 1000), self.LINES)[0])

    def test_every_line_of_a_table_has_as_many_cells(self):
        for lines in (self.LINES, self.GROWN):
            table = report.figures_table(figures.Results(lines, 1000), lines)
            self.assertEqual(len({row.count("|") for row in table}), 1)


class InstructionsTest(unittest.TestCase):
    COUNTS = instructions.lines_of(SCAN, {"relata": 100.0, "sqlite": 2500.0}, 10_000)

    def test_what_callgrind_counted_is_read(self):
        self.assertEqual(instructions.total_of("summary: 0\nevents: Ir\nfn=(1)\n1 5\ntotals: 1234\n"), 1234)
        self.assertIsNone(instructions.total_of("events: Ir\n"))

    def test_the_ratio_is_to_relata(self):
        self.assertEqual([one["ratio"] for one in self.COUNTS], [1, 25])

    def test_a_count_is_no_scale_of_the_run(self):
        lines = [line(SCAN, "relata", 2, scale=1000), *self.COUNTS]
        self.assertEqual(figures.scales(lines), [1000])
        self.assertIn("| four-condition scan | sqlite | 2,500 | 25.0 x |", report.readme_part({}, lines))
        self.assertIn("2,500", page.make({}, lines))


if __name__ == "__main__":
    unittest.main()
