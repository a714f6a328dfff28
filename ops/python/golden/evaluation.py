#!/usr/bin/env python3
"""Golden vectors for the figures of evaluations, from scikit-learn, statsmodels and numpy.

    pip install numpy scikit-learn statsmodels
    python3 ops/python/golden/evaluation.py > judge-service/evaluation/src/test/resources/golden/evaluation.json

macro   labels and predictions in {A, B, tie} (null: unreadable, counts as no class) with macro
        precision, recall and F1 over the classes that the labels have, in [0, 1]
wilson  successes and items with the 95 % score interval of the share
ties    scores of the subset Ties of RewardBench 2 with its score: for each question the scores of
        right and wrong candidates, once with one right answer (ref) and once with many (tied)
"""
import json
import random

import numpy as np
from sklearn.metrics import precision_recall_fscore_support
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
        },
        indent=1,
    )
)
