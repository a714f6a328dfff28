#!/usr/bin/env python3
"""Golden vectors for the accuracy by the number of votes and for lengths of texts, from the standard
library alone.

    python3 ops/python/golden/votes.py > judge-service/evaluation/src/test/resources/golden/votes.json

curves   judges with n votes on each pair, with the expected accuracy if k of them are aggregated:
         the mean over all subsets of k. A vote names the candidate shown first (A), the second (B)
         or a tie, with two scores or none; null is unreadable. "orders" has the votes of each
         presented order. If the judge is "own", it presents both orders itself, and its one verdict
         holds for both; else each order has its own verdict, and the credit is their mean. A subset
         selects the same samples in both orders.
lengths  numbers with their mean, median and 90th percentile
"""
import itertools
import json
import random
import statistics
from fractions import Fraction

random.seed(20260301)
HALF = Fraction(1, 2)
POINTS = {"A": Fraction(1), "B": Fraction(0), "tie": HALF}


def vote(skill, label, swapped, scored):
    said = label if random.random() < skill else random.choice(["A", "B", "tie", None])
    if swapped and said in ("A", "B"):
        said = "B" if said == "A" else "A"
    if said is None:
        return None
    if not scored:
        return {"said": said, "scores": []}
    low = random.randint(1, 7)
    high = low + random.randint(1, 3)
    scores = {"A": [high, low], "B": [low, high], "tie": [low, low]}[said]
    return {"said": said, "scores": scores}


def first_points(votes, combine):
    """Points of A by votes as (points, score of A, score of B)."""
    a = sum(v[1] for v in votes) / len(votes)
    b = sum(v[2] for v in votes) / len(votes)
    by_mean = Fraction(1) if a > b else Fraction(0) if a < b else HALF
    if combine == "mean":
        return by_mean
    counts = {p: sum(1 for v in votes if v[0] == p) for p in POINTS.values()}
    most = max(counts.values())
    frequent = [p for p, count in counts.items() if count == most]
    return frequent[0] if len(frequent) == 1 else by_mean


def read(votes, swapped):
    """Readable votes by candidate of the benchmark."""
    out = []
    for v in votes:
        if v is None:
            continue
        p = POINTS[v["said"]]
        a, b = (Fraction(s) for s in v["scores"]) if v["scores"] else (p, 1 - p)
        out.append((1 - p, b, a) if swapped else (p, a, b))
    return out


def credit(votes, label, combine):
    if not votes:
        return Fraction(0)
    points = first_points(votes, combine)
    return HALF if points == HALF else Fraction(points == POINTS[label])


def of_subset(pair, samples, combine, own):
    by_order = [
        read([votes[s] for s in samples], order == "BA") for order, votes in pair["orders"].items()
    ]
    if own:
        return credit([v for votes in by_order for v in votes], pair["label"], combine)
    credits = [credit(votes, pair["label"], combine) for votes in by_order]
    return sum(credits) / len(credits)


def curve(n, pairs, combine, orders, own, scored):
    data = []
    for _ in range(pairs):
        label = random.choice(["A", "B"])
        skill = random.choice([0.2, 0.5, 0.8])
        data.append(
            {
                "label": label,
                "orders": {
                    order: [vote(skill, label, order == "BA", scored) for _ in range(n)]
                    for order in orders
                },
            }
        )
    points = []
    k = 1
    while True:
        k = min(k, n)
        subsets = list(itertools.combinations(range(n), k))
        total = sum(of_subset(p, s, combine, own) for p in data for s in subsets)
        points.append({"votes": k, "subsets": len(subsets), "accuracy": float(total / len(subsets) / pairs)})
        if k == n:
            break
        k *= 2
    return {"n": n, "combine": combine, "own": own, "pairs": data, "curve": points}


def lengths(count):
    numbers = [random.randint(1, 400) for _ in range(count)]
    return {
        "numbers": numbers,
        "mean": statistics.mean(numbers),
        "median": statistics.median(numbers),
        "p90": statistics.quantiles(numbers, n=10, method="inclusive")[8],
    }


print(
    json.dumps(
        {
            "curves": [
                curve(4, 12, "majority", ["AB"], False, False),
                curve(5, 8, "majority", ["AB", "BA"], False, True),
                curve(8, 6, "majority", ["AB", "BA"], False, False),
                curve(5, 8, "mean", ["AB", "BA"], False, True),
                curve(4, 8, "majority", ["AB", "BA"], True, True),
                curve(6, 8, "mean", ["AB", "BA"], True, False),
            ],
            "lengths": [lengths(count) for count in (2, 7, 40)],
        },
        indent=1,
    )
)
