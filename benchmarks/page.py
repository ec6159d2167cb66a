"""Makes a page of figures that needs nothing beside itself: a curve per workload, time against scale, and a table."""
import html
import math

import figures

COLOURS = {"relata": "#0b6e4f", "lmdb": "#7a7a7a", "sqlite": "#1f4e9c", "duckdb": "#c77700", "arrays": "#8a2be2", "memory": "#b0306a",
           "record": "#5fa777"}
WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 420, 220, 60, 28, 10
STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 66rem; margin: 2rem auto; padding: 0 1rem; color: #1d1d1b; }
h1 { font-size: 1.5rem } h2 { font-size: 1.1rem; margin: 2rem 0 .2rem }
p { margin: .3rem 0 } .machine { color: #555 }
section { display: grid; grid-template-columns: 430px 1fr; gap: 1rem; align-items: start }
table { border-collapse: collapse } th, td { text-align: right; padding: .15rem .6rem; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left } .not { color: #b00020 } svg text { font: 11px system-ui, sans-serif }
@media (max-width: 50rem) { section { grid-template-columns: 1fr } }
"""


def short(value):
    for size, suffix in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g}{suffix}"
    return f"{value:.3g}"


def curve(series, unit):
    """An SVG of lines, both axes logarithmic; `series` is peer -> [(scale, median)]."""
    xs = [x for points in series.values() for x, _ in points]
    ys = [y for points in series.values() for _, y in points]
    low_x, high_x = math.log10(min(xs)), math.log10(max(xs))
    low_y, high_y = math.floor(math.log10(min(ys))), math.ceil(math.log10(max(ys)))
    span_x, span_y = max(high_x - low_x, 1e-9), max(high_y - low_y, 1)

    def place(x, y):
        across = 0.5 if high_x == low_x else (math.log10(x) - low_x) / span_x
        return (LEFT + 10 + across * (WIDTH - LEFT - 30),
                HEIGHT - BOTTOM - (math.log10(y) - low_y) / span_y * (HEIGHT - BOTTOM - TOP))

    parts = [f'<svg width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="median against scale">']
    for power in range(low_y, low_y + span_y + 1):
        _, y = place(min(xs), 10.0**power)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - 10}" y2="{y:.1f}" stroke="#e4e4e4"/>'
                     f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{short(10.0**power)} {unit}</text>')
    for x in sorted(set(xs)):
        across, _ = place(x, min(ys))
        parts.append(f'<text x="{across:.1f}" y="{HEIGHT - 8}" text-anchor="middle">{short(x)}</text>')
    for name, points in series.items():
        dots = [place(x, y) for x, y in sorted(points)]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in dots)
        colour = COLOURS.get(name, "#333")
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in dots]
    return "".join(parts) + "</svg>"


def workload_section(workload, by_scale):
    series, rows, unit = {}, [], ""
    for scale, results in by_scale.items():
        for name in results.peers(workload):
            figure = results.figure(workload, name)
            unit = figure["unit"]
            if figure["median"] > 0:
                series.setdefault(name, []).append((scale, figure["median"]))
    if not series:
        return ""
    last = list(by_scale.values())[-1]
    for name, points in series.items():
        figure = last.figure(workload, name)
        power, ratio = figures.slope(points), None if figure is None else figure.get("ratio")
        cells = [f'<span style="color:{COLOURS.get(name, "#333")}">■</span> {name}',
                 "" if figure is None else f"{short(figure['median'])} {unit}",
                 "" if figure is None else f"± {figure['spread'] * 100:.0f} %",
                 "" if name == "relata" or not ratio else f"{ratio:.3g} x",
                 "" if power is None else f"n<sup>{power:.2f}</sup>"]
        rows.append("<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>")
    return (f"<h2>{html.escape(workload)}</h2><p>{html.escape(figures.QUESTIONS.get(workload, ''))}</p>"
            f"<section>{curve(series, unit)}<table><tr><th>peer</th><th>median</th><th>spread</th><th>relata is</th>"
            f"<th>grows as</th></tr>{''.join(rows)}</table></section>")


def aims_section(results):
    rows = []
    for aim in figures.AIMS:
        value, met = aim.measured(results), aim.met(results)
        shown = "not measured yet" if value is None else f"{value:.3g}"
        verdict = "" if met is None else "met" if met else '<span class="not">not met</span>'
        rows.append(f"<tr><td>{html.escape(aim.workload)}</td><td>{aim.against}</td><td>{aim.aim}</td><td>{shown}</td>"
                    f"<td>{verdict}</td></tr>")
    return ("<h2>Aims</h2><table><tr><th>workload</th><th>against</th><th>aim</th><th>measured</th><th></th></tr>" +
            "".join(rows) + "</table>")


def instructions_section(lines):
    rows = [f"<tr><td>{html.escape(line['workload'])}</td><td>{line['peer']}</td><td>{line['median']:,.0f}</td>"
            f"<td>{'' if line['peer'] == 'relata' or not line['ratio'] else format(line['ratio'], '.3g') + ' x'}</td></tr>"
            for line in lines]
    if not rows:
        return ""
    return (f"<h2>Instructions</h2><p>Per read, scan or commit, counted by callgrind at {lines[0]['scale']:,} relations.</p>"
            "<table><tr><th>loop</th><th>peer</th><th>instructions</th><th>relata needs less</th></tr>" + "".join(rows) +
            "</table>")


def make(machine, lines):
    counts = [line for line in lines if figures.is_count(line)]
    lines = [line for line in lines if not figures.is_count(line)]
    by_scale = {scale: figures.Results(lines, scale) for scale in figures.scales(lines)}
    biggest = list(by_scale.values())[-1]
    about = "; ".join(html.escape(machine[key]) for key in ("date", "machine", "versions", "compiler") if key in machine)
    sections = "".join(workload_section(workload, by_scale) for workload in figures.QUESTIONS)
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
            f"<title>Relata: benchmarks</title><style>{STYLE}</style><h1>Relata beside its peers</h1>"
            f'<p class="machine">{about}</p><p>Medians of one run, peers taking turns, at up to {biggest.scale:,} relations '
            f"with five orders and ten interactions each.</p>{aims_section(biggest)}{sections}"
            f"{instructions_section(counts)}</html>\n")
