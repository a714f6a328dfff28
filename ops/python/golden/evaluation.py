#!/usr/bin/env python3
"""Golden vectors for the figures of evaluations, from scikit-learn, statsmodels, scipy and numpy.

    pip install numpy scikit-learn scipy statsmodels
    python3 ops/python/golden/evaluation.py > judge-service/evaluation/src/test/resources/golden/evaluation.json

macro   labels and predictions in {A, B, tie} (null: unreadable, counts as no class) with macro
        precision, recall and F1 over the classes that the labels have, in [0, 1]
wilson  successes and items with the 95 % score interval of the share
ties    scores of the subset Ties of RewardBench 2 with its score: for each question the scores of
        right and wrong candidates, once with one right answer (ref) and once with many (tied)
paired  right (1) and wrong (0) comparisons of two judges with the item of each comparison; the
        difference of the shares and its percentile interval over 1,000 resamples of items with the
        same items for both, drawn by java.util.Random (seed)
mcnemar comparisons that are right with one judge alone and with the other alone, with the two-sided
        p value of the exact test
"""
import json
import random

import numpy as np
from scipy.stats import binomtest
from sklearn.metrics import precision_recall_fscore_support
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

random.seed(20250501)
CLASSES = ["A", "B", "tie"]


def macro(classes, size, skill):
    labels = [random.choice(classes) for _ in range(size)]
    said = [
        label if random.random() < skill else random.choice(CLASSES + [None]) for label in labels
    ]
    present = sorted(set(labels))
    p, r, f, _ = precision_recall_fscore_support(
        labels,
        ["none" if s is None else s for s in said],
        labels=present,
        average="macro",
        zero_division=0,
    )
    return {"labels": labels, "said": said, "precision": p, "recall": r, "f1": f}


def wilson(successes, items):
    low, high = proportion_confint(successes, items, alpha=0.05, method="wilson")
    return {"successes": successes, "items": items, "low": low, "high": high}


def stats(question):
    right, wrong = np.array(question["right"], float), np.array(question["wrong"], float)
    return right.min() - wrong.max(), right.max() - right.min()


def ties(questions, equal):
    def score(right):
        if equal:
            return float(random.choice([1, 2, 3]))
        return round(random.gauss(1.2 if right else 0, 0.7), 3)

    data = []
    for q in range(questions):
        both = {"question": str(q)}
        both["tied"] = {
            "right": [score(True) for _ in range(random.randint(2, 5))],
            "wrong": [score(False) for _ in range(3)],
        }
        if q % 4 != 3:
            both["ref"] = {"right": [score(True)], "wrong": [score(False) for _ in range(3)]}
        data.append(both)
    paired = [d for d in data if "ref" in d]
    tied_margin = np.array([stats(d["tied"])[0] for d in paired])
    spread = np.array([stats(d["tied"])[1] for d in paired])
    ref_margin = np.array([stats(d["ref"])[0] for d in paired])
    lower = np.minimum(ref_margin, tied_margin)
    with np.errstate(divide="ignore", invalid="ignore"):
        closeness = np.nan_to_num(np.tanh(lower / spread - 1), nan=0.0)
    value = (
        0.30 * np.mean([stats(d["tied"])[0] > 0 for d in data])
        + 0.30 * np.mean([stats(d["ref"])[0] > 0 for d in paired])
        + 0.20 * np.mean(tied_margin > spread)
        + 0.20 * np.mean(lower > spread)
        + 0.01 * np.mean(closeness)
    )
    return {"questions": data, "score": float(value)}


class JavaRandom:
    """java.util.Random, by the recurrence in its documentation."""

    def __init__(self, seed):
        self.state = (seed ^ 0x5DEECE66D) & ((1 << 48) - 1)

    def below(self, bound):
        while True:
            self.state = (self.state * 0x5DEECE66D + 0xB) & ((1 << 48) - 1)
            bits = self.state >> 17
            if bound & (bound - 1) == 0:
                return (bound * bits) >> 31
            if bits - bits % bound + bound - 1 < 1 << 31:
                return bits % bound


def paired(items, most, skill, other_skill, seed):
    item = [i for i in range(items) for _ in range(random.randint(1, most))]
    own = np.array([random.random() < skill for _ in item], float)
    other = np.array([random.random() < other_skill for _ in item], float)
    members = [np.flatnonzero(np.array(item) == i) for i in range(items)]
    draws = JavaRandom(seed)
    differences = []
    for _ in range(1000):
        drawn = np.concatenate([members[draws.below(items)] for _ in range(items)])
        differences.append(own[drawn].mean() - other[drawn].mean())
    low, high = np.percentile(differences, [2.5, 97.5])
    return {
        "item": item,
        "own": own.astype(int).tolist(),
        "other": other.astype(int).tolist(),
        "seed": seed,
        "difference": own.mean() - other.mean(),
        "low": low,
        "high": high,
        "p": exact(int((own > other).sum()), int((own < other).sum())) if most == 1 else None,
    }


def exact(b, c):
    p = binomtest(b, b + c, 0.5).pvalue if b + c else 1.0
    table = mcnemar([[7, b], [c, 9]], exact=True)
    assert b == c or abs(p - table.pvalue) <= 1e-9 * p, (b, c)
    return p


print(
    json.dumps(
        {
            "macro": [
                macro(CLASSES, 60, 0.5),
                macro(CLASSES, 9, 0.1),
                macro(["A", "B"], 40, 0.6),
                macro(["A"], 7, 0.5),
            ],
            "wilson": [wilson(s, n) for s, n in [(0, 5), (5, 5), (1, 3), (710, 999), (230, 350)]],
            "ties": [ties(8, False), ties(5, False), ties(12, True)],
            "paired": [
                paired(40, 1, 0.7, 0.5, 1),
                paired(32, 1, 0.6, 0.6, 7),
                paired(25, 4, 0.8, 0.4, 3),
                paired(1, 3, 0.5, 0.5, 2),
            ],
            "mcnemar": [
                {"b": b, "c": c, "p": exact(b, c)}
                for b, c in [(0, 0), (1, 0), (0, 9), (5, 5), (6, 5), (61, 83), (400, 330), (700, 12), (3000, 1)]
            ],
        },
        indent=1,
    )
)
