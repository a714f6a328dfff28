"""Draws the demo's learning curves, and their table, from the reports of `ops/urteil demo`.

    pip install matplotlib
    python ops/python/curves.py OUT_DIRECTORY REPORT.json [REPORT.json ...]

Writes demo-curves.svg into OUT_DIRECTORY and prints the table. Reports with the same learning rate,
lag and importance correction share a panel; every figure is taken from the reports as it is.
"""

import json
import pathlib
import sys
from collections import defaultdict

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402


def title(setting):
    rate, lag, importance = setting
    ablation = ", without behaviour log-probabilities" if importance == "none" else ""
    return f"learning rate {rate:g}, lag {lag}{ablation}"


def draw(groups, out):
    matplotlib.rcParams["svg.hashsalt"] = "urteil"
    figure, panels = plt.subplots(
        1, len(groups), figsize=(4.2 * len(groups), 3.4), sharey=True, squeeze=False
    )
    for panel, (setting, reports) in zip(panels[0], groups.items()):
        for report in reports:
            versions = [point["version"] for point in report["curve"]]
            accuracy = [point["accuracy"] for point in report["curve"]]
            consistency = [point["consistency"] for point in report["curve"]]
            (line,) = panel.plot(versions, accuracy, label=f"seed {report['seed']}")
            panel.plot(versions, consistency, linestyle=":", color=line.get_color(), linewidth=1)
        panel.set_title(title(setting).replace(", without", ",\nwithout"), fontsize=9)
        panel.set_xlabel("updates")
        panel.set_ylim(0, 1)
        panel.grid(alpha=0.3)
        panel.legend(fontsize=8, loc="lower right")
    panels[0][0].set_ylabel("held-out accuracy (dotted: consistency)")
    figure.tight_layout()
    figure.savefig(out, metadata={"Date": None})


def table(groups):
    lines = [
        "| setting | seed | accuracy before | best | after | consistency before | after | length before "
        "| after | largest log-probability gap at equal weights |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for setting, reports in groups.items():
        for r in reports:
            gap = r["maxLogprobGap"]
            lines.append(
                f"| {title(setting)}, {r['steps']} updates | {r['seed']} "
                f"| {r['accuracyBefore']:.3f} | {max(p['accuracy'] for p in r['curve']):.3f} "
                f"| {r['accuracyAfter']:.3f} "
                f"| {r['consistencyBefore']:.3f} | {r['consistencyAfter']:.3f} "
                f"| {r['lengthBefore']:.1f} | {r['lengthAfter']:.1f} "
                f"| {'-' if gap is None else format(gap, '.1e')} |"
            )
    return "\n".join(lines) + "\n"


def main():
    out = pathlib.Path(sys.argv[1])
    groups = defaultdict(list)
    for name in sys.argv[2:]:
        report = json.loads(pathlib.Path(name).read_text())
        groups[report["learningRate"], report["lag"], report["importance"]].append(report)
    for reports in groups.values():
        reports.sort(key=lambda report: report["seed"])
    out.mkdir(parents=True, exist_ok=True)
    draw(groups, out / "demo-curves.svg")
    print(table(groups), end="")


if __name__ == "__main__":
    main()
