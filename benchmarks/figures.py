"""Reads the JSON lines that the benchmarks write, and knows the questions in words and the aims.

A file has one object a line: first {"machine": …} with what was measured on, then one per figure, with workload, scale,
peer, threads, median, least, greatest, spread, unit and ratio (the peer's median through relata's: how many times as
fast, or small, relata is). A workload that occurs twice counts as it was measured last.
"""
import json
import math

# Each workload, in the order it is shown, with the question in words.
QUESTIONS = {
    "read by id, one field": "The credit limit of a relation whose id is known, at random over all of them.",
    "read by id, whole struct": "Every field of a relation whose id is known, copied into a struct.",
    "read by id, skewed, whole struct": "The same where few relations are asked for often (Zipf, 0.99); relata with an "
                                        "object cache for a tenth of them.",
    "read by unique key, one field": "The credit limit of the relation with this number.",
    "read by id, one field, 2 threads": "The same as on one thread, from two threads at once; wall time through all "
                                        "reads.",
    "page of 50, first": "The first fifty relations with a credit limit of at least 7,500 euros, in order of name, case "
                         "and accents aside.",
    "page of 50, deep": "The fifty that follow after a tenth of all relations of that list (after 100,000 of a "
                        "million).",
    "four-condition scan": "The ids of the restaurants that became known since 2020, have a credit limit of at least "
                           "5,000 euros and must pay within 30 days. No peer has an index for it.",
    "four-condition scan, 2 threads": "The same put by two threads at once; wall time through both answers.",
    "window aggregate": "The relations that ordered for more than 10,000 euros in the last year, and with whom the last "
                        "contact was before 1 April.",
    "window aggregate, 2 threads": "The same put by two threads at once; wall time through both answers.",
    "group by two keys": "For each city and industry: how many relations, and their credit limits added up.",
    "customer pyramid": "The customers of the last year by revenue in classes of 1, 4, 15 and 80 %: how many, what they "
                        "brought, the least of the class. Relata's answer tells besides who moved between classes, and "
                        "the lifecycle of all others.",
    "type-ahead, plain, median": "Any ten relations with this word and one that begins so in their name, at every "
                                 "letter typed: the time of half of them.",
    "type-ahead, plain, p99": "The same: the time that 99 in 100 stay within.",
    "type-ahead, ranked, median": "The ten best relations for the beginning of a word, at every letter typed.",
    "type-ahead, ranked, p99": "The same: the time that 99 in 100 stay within.",
    "durable commit, 1 thread": "A new relation with its five indexes, on disk when the commit returns; wall time.",
    "durable commit, 8 threads": "The same from eight threads at once; wall time through all commits.",
    "readers alone": "Reads by id on one thread, in wall time.",
    "readers while a writer commits": "The same while another thread commits one record after another.",
    "bulk load, five indexes": "All relations, twelve fields and five indexes, in a new file, durable at the end.",
    "peak memory of the load": "The most memory that took, less the rows themselves.",
    "file, five indexes": "The size of that file.",
    "change log in that file": "What of it is the change log, which the peers do not keep.",
    "a dynamic record": "Every field of a relation whose id is known, as a record whose fields are found by name at run "
                        "time (`record`), beside a struct known to the compiler.",
    "load the company": "Relations, orders and interactions with all the indexes of the questions here.",
    "peak memory of the company's load": "The most memory that took.",
    "file of the company": "The size of that file.",
    "segment after a write: count and page": "How many the relations of the window aggregate are now, as a live segment, and "
                                              "the first fifty, right after a commit; the peers run the query.",
    "segment after a write: all ids": "The same, and all their ids.",
    "count of a segment": "How many members a live segment has, with nothing pending.",
    "membership of a record": "Whether a relation is in that segment.",
    "update, 0 segments": "A commit that changes a relation, or adds a contact moment or an order, sync left out: the mean of two thousand.",
    "update, 10 segments": "The same with ten live segments.",
    "update, 100 segments": "The same with a hundred.",
    "update, 1000 segments": "The same with a thousand.",
    "update, 10000 segments": "The same with ten thousand.",
    "open and read one record": "A new process opens that file, in the page cache, and reads one relation by id.",
    "open and first scan": "A new process opens it and asks the four-condition scan, once: what relata puts in columns for "
                           "that is in it.",
    "open and first window aggregate": "A new process opens it and asks the window aggregate, once.",
    "open and read one record, cold": "The first of these with the file out of the page cache.",
    "open and first scan, cold": "The second of these with the file out of the page cache.",
    "memory of the questions, at its peak": "Resident memory of a process that answers every question here once, the pages "
                                            "of mapped files with it.",
    "memory of the questions, own": "What of it is the process's own at the end.",
}


class Aim:
    """A row of the aims: what relata should be, against which peer, in which workload.

    `measure` takes a Results and gives back how many times as fast, or None where it was not measured.
    """

    def __init__(self, workload, against, aim, factor=None, measure=None, at_most=False):
        self.workload, self.against, self.aim, self.factor = workload, against, aim, factor
        self.measure, self.at_most = measure, at_most

    def measured(self, results):
        return None if self.measure is None else self.measure(results)

    def met(self, results):
        value = self.measured(results)
        if value is None or self.factor is None:
            return None
        return value <= self.factor if self.at_most else value >= self.factor


def peer(workload, name):
    return lambda results: results.ratio(workload, name)


def own(workload, other, field="median"):
    """How many times as long `other` takes as `workload`, both relata's own."""
    def measure(results):
        one, two = results.figure(workload, "relata"), results.figure(other, "relata")
        return None if one is None or two is None else two[field] / one[field]
    return measure


AIMS = [
    Aim("read by id, uniform: one field", "raw LMDB", "0.85 x", 0.85, peer("read by id, one field", "lmdb")),
    Aim("read by id, uniform: one field", "SQLite", "1.5 x", 1.5, peer("read by id, one field", "sqlite")),
    Aim("read by id, uniform: whole struct", "raw LMDB", "0.7 x", 0.7, peer("read by id, whole struct", "lmdb")),
    Aim("read by id, uniform: whole struct", "SQLite", "1.5 x", 1.5, peer("read by id, whole struct", "sqlite")),
    Aim("read by id, skewed, object cache on", "SQLite", "4 x", 4,
        peer("read by id, skewed, whole struct", "sqlite")),
    Aim("read by unique key", "raw LMDB", "0.85 x", 0.85, peer("read by unique key, one field", "lmdb")),
    Aim("read by unique key", "SQLite", "1.5 x", 1.5, peer("read by unique key, one field", "sqlite")),
    Aim("ordered page of 50, first", "SQLite", "1.5 x", 1.5, peer("page of 50, first", "sqlite")),
    Aim("ordered page of 50, deep", "SQLite", "1.5 x", 1.5, peer("page of 50, deep", "sqlite")),
    Aim("ordered page of 50, deep", "own first page", "no more (1 x)", 0.95,
        own("page of 50, deep", "page of 50, first")),
    Aim("four-condition scan", "DuckDB", "10 x", 10, peer("four-condition scan", "duckdb")),
    Aim("four-condition scan", "SQLite", "60 x", 60, peer("four-condition scan", "sqlite")),
    Aim("four-condition scan", "plain arrays", "0.5 x", 0.5, peer("four-condition scan", "arrays")),
    Aim("window aggregate", "DuckDB", "5 x", 5, peer("window aggregate", "duckdb")),
    Aim("window aggregate", "SQLite", "20 x", 20, peer("window aggregate", "sqlite")),
    Aim("window aggregate", "plain arrays", "0.5 x", 0.5, peer("window aggregate", "arrays")),
    Aim("group by two keys", "DuckDB", "2 x", 2, peer("group by two keys", "duckdb")),
    Aim("group by two keys", "SQLite", "20 x", 20, peer("group by two keys", "sqlite")),
    Aim("customer pyramid", "DuckDB", "5 x", 5, peer("customer pyramid", "duckdb")),
    Aim("customer pyramid", "SQLite", "20 x", 20, peer("customer pyramid", "sqlite")),
    Aim("type-ahead, plain, median", "SQLite FTS5", "3 x", 3, peer("type-ahead, plain, median", "sqlite")),
    Aim("type-ahead, plain, p99", "SQLite FTS5", "3 x", 3, peer("type-ahead, plain, p99", "sqlite")),
    Aim("type-ahead, ranked, median", "SQLite FTS5", "20 x", 20, peer("type-ahead, ranked, median", "sqlite")),
    Aim("type-ahead, ranked, p99", "SQLite FTS5", "20 x", 20, peer("type-ahead, ranked, p99", "sqlite")),
    Aim("segment right after a write: count and first page", "DuckDB", "1,000 x", 1000,
        peer("segment after a write: count and page", "duckdb")),
    Aim("segment right after a write: count and first page", "SQLite", "1,000 x", 1000,
        peer("segment after a write: count and page", "sqlite")),
    Aim("segment right after a write: all ids", "DuckDB", "200 x", 200,
        peer("segment after a write: all ids", "duckdb")),
    Aim("segment right after a write: all ids", "SQLite", "200 x", 200,
        peer("segment after a write: all ids", "sqlite")),
    Aim("count of a segment, ns", "", "under 1,000 ns", 1000,
        lambda results: results.median("count of a segment"), at_most=True),
    Aim("membership of a record, ns", "", "under 200 ns", 200,
        lambda results: results.median("membership of a record"), at_most=True),
    Aim("processor time of an update with 1,000 live segments", "the same without", "at most 2 x", 2,
        own("update, 0 segments", "update, 1000 segments"), at_most=True),
    Aim("durable commit, 1 thread", "raw LMDB", "0.9 x", 0.9, peer("durable commit, 1 thread", "lmdb")),
    Aim("durable commit, 1 thread", "SQLite WAL full", "reported", None, peer("durable commit, 1 thread", "sqlite")),
    Aim("durable commit, 8 threads", "own single thread", "2 x", 2,
        own("durable commit, 8 threads", "durable commit, 1 thread")),
    Aim("durable commit, 8 threads", "SQLite WAL full", "reported", None,
        peer("durable commit, 8 threads", "sqlite")),
    Aim("bulk load with five indexes", "SQLite", "2 x", 2, peer("bulk load, five indexes", "sqlite")),
    Aim("readers while a writer commits", "readers alone", "lose at most 10 % (0.9 x)", 0.9,
        own("readers while a writer commits", "readers alone")),
    Aim("open and first read", "SQLite", "no slower (1 x)", 1, peer("open and read one record", "sqlite")),
    Aim("open and first read, ms", "", "under 10 ms", 10,
        lambda results: results.median("open and read one record"), at_most=True),
    Aim("file size with the same indexes, change log included", "SQLite", "at most 1.5 x", 1.5,
        lambda results: results.times_as_large("file, five indexes", "sqlite"), at_most=True),
]


class Results:
    """The figures of one file, of one scale."""

    def __init__(self, lines, scale):
        self.scale = scale
        self.by = {}
        for line in lines:
            if line.get("scale") == scale:
                self.by[line["workload"], line["peer"]] = line

    def figure(self, workload, name):
        return self.by.get((workload, name))

    def ratio(self, workload, name):
        figure = self.figure(workload, name)
        return None if figure is None else figure.get("ratio")

    def median(self, workload):
        figure = self.figure(workload, "relata")
        return None if figure is None else figure["median"]

    def times_as_large(self, workload, name):
        ratio = self.ratio(workload, name)
        return None if not ratio else 1 / ratio

    def workloads(self):
        there = {workload for workload, _ in self.by}
        known = [workload for workload in QUESTIONS if workload in there]
        return known + sorted(there - set(known))

    def peers(self, workload):
        return [name for (of, name) in self.by if of == workload]


def read(path):
    """(what was measured on, all figures) of a file; a last line that was cut short is left out."""
    machine, figures = {}, []
    with open(path, encoding="utf-8") as file:
        for text in file:
            try:
                line = json.loads(text)
            except json.JSONDecodeError:
                continue
            if "machine" in line:
                machine = line
            else:
                figures.append(line)
    return machine, figures


def is_count(line):
    """Whether a line counts instructions, which is done at a scale of its own."""
    return line.get("unit") == "instr."


def scales(figures):
    return sorted({line["scale"] for line in figures if not is_count(line)})


def slope(points):
    """By which power of the scale a figure grows, from a straight line through the logarithms of (scale, figure)."""
    points = [(x, y) for x, y in points if y > 0]
    if len(points) < 2:
        return None
    xs = [math.log(x) for x, _ in points]
    ys = [math.log(y) for _, y in points]
    mean_x, mean_y = sum(xs) / len(xs), sum(ys) / len(ys)
    return sum((x - mean_x) * (y - mean_y) for x, y in zip(xs, ys)) / sum((x - mean_x)**2 for x in xs)
