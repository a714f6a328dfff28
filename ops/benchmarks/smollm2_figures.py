"""Prints the figures of ops/benchmarks/smollm2 as Markdown.

    python3 smollm2_figures.py DIRECTORY
"""

import json
import pathlib
import sys

directory = pathlib.Path(sys.argv[1])
BENCHMARKS = ["pandalm", "judgebench-gpt-4o", "rm-bench", "hhh", "mt-bench-human"]


def report(name):
    return json.loads((directory / f"{name}.json").read_text())


def percent(share):
    return "-" if share is None else f"{100 * share:.1f}"


def per_minute(figures):
    return 60 * figures["rulings"] / figures["seconds"]


def table(head, rows):
    print("| " + " | ".join(head) + " |")
    print("| --- |" + " ---: |" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")
    print()


def evaluations():
    for benchmark in BENCHMARKS:
        for read in ("probabilities", "text"):
            figures = report(f"{benchmark}-{read}")
            (judge,) = figures["judges"].values()
            interval = judge["intervals"]["accuracy"]
            yield (
                f"{benchmark}, {read}",
                figures["rulings"],
                percent(figures["accuracy"]),
                f"{percent(interval['low'])} to {percent(interval['high'])}",
                percent(figures["floors"].get("longer")),
                percent(figures["consistency"]),
                percent(figures["firstPreference"]),
                percent(figures["unparseable"]),
                f"{per_minute(figures):.0f}",
            )


def settings():
    for threads in (1, 2):
        for slots in (1, 8, 64):
            name = f"threads-{threads}-slots-{slots}"
            figures = report(name)
            peak = (directory / f"{name}.peak").read_text().strip()
            yield threads, slots, f"{per_minute(figures):.1f}", peak


table(
    ["benchmark", "judgements", "accuracy", "95 %", "longer", "consistency", "first", "unparseable",
     "a minute"],
    evaluations(),
)
probe = report("probe")
precision = report("precision")
print(f"probe: {probe['fooled']} of {probe['probes']} attacked answers deceive the judge\n")
print(
    f"int8 changes {precision['changed']} of {precision['comparisons']} verdicts"
    f" ({percent(precision['changedShare'])} %)\n"
)
table(["threads", "slots", "judgements a minute", "peak memory, MiB"], settings())
