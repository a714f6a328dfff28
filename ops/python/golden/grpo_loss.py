"""Golden vectors of the GRPO loss, in numpy, from the papers' formulas and not from the Java code.

The gradient is taken by the complex step, so that no derivative is written down here either.

    pip install numpy
    python ops/python/golden/grpo_loss.py > \
        trainer-service/src/test/resources/io/urteil/trainer/objective/grpo_loss.json
"""

import json

import numpy as np

NORMALISATIONS = ("token", "sequence", "constant")
CONSTANT_LENGTH = 7


def minimum(a, b):
    """Elementwise minimum by real part, which keeps the derivative of the smaller one."""
    return np.where(a.real <= b.real, a, b)


def clip(x, low, high):
    return np.where(x.real < low, low + 0j, np.where(x.real > high, high + 0j, x))


def token_weight(case, length, batch_lengths):
    if case["normalise"] == "token":
        return 1.0 / sum(batch_lengths)
    if case["normalise"] == "sequence":
        return 1.0 / (length * len(batch_lengths))
    return 1.0 / (CONSTANT_LENGTH * len(batch_lengths))


def batch_loss(case, logprobs):
    """Mean clipped surrogate plus beta times k3 over a batch of rows of complex log-probabilities."""
    lengths = [len(row["logprobs"]) for row in case["rows"]]
    total, divergence = 0j, 0j
    for row, current in zip(case["rows"], logprobs):
        behaviour = np.array(row["behaviour"])
        base = behaviour if case["importance"] == "behaviour" else current.real
        # Against its own detached log-probability the ratio is one, and so is its derivative.
        ratio = np.exp(current - base)
        advantage = row["advantage"]
        bounded = clip(ratio, 1 - case["clipLow"], 1 + case["clipHigh"])
        surrogate = minimum(ratio * advantage, bounded * advantage)
        weight = token_weight(case, len(current), lengths)
        total -= weight * surrogate.sum()
        if case["kl"] > 0:
            difference = np.array(row["reference"]) - current
            k3 = np.exp(difference) - difference - 1
            divergence += weight * k3.sum()
    return total + case["kl"] * divergence, divergence


def clipped_tokens(case):
    count = 0
    for row in case["rows"]:
        if case["importance"] != "behaviour":
            continue
        ratio = np.exp(np.array(row["logprobs"]) - np.array(row["behaviour"]))
        if row["advantage"] > 0:
            count += int((ratio > 1 + case["clipHigh"]).sum())
        elif row["advantage"] < 0:
            count += int((ratio < 1 - case["clipLow"]).sum())
    return count


def gradient(case, step=1e-30):
    values = [np.array(row["logprobs"], dtype=complex) for row in case["rows"]]
    gradients = []
    for row in range(len(values)):
        of_row = []
        for token in range(len(values[row])):
            moved = [v.copy() for v in values]
            moved[row][token] += 1j * step
            of_row.append(batch_loss(case, moved)[0].imag / step)
        gradients.append(of_row)
    return gradients


def make_case(random, normalise, importance, kl, clip_range):
    rows = []
    for _ in range(5):
        length = int(random.integers(1, 9))
        # float32, as the log carries them.
        behaviour = (-random.exponential(1.0, length)).astype(np.float32).astype(float)
        logprobs = np.minimum(behaviour + random.normal(0, 0.35, length), -1e-6)
        reference = np.minimum(behaviour + random.normal(0, 0.5, length), -1e-6)
        rows.append(
            {
                "logprobs": logprobs.tolist(),
                "behaviour": behaviour.tolist(),
                "reference": reference.tolist(),
                "advantage": float(random.normal(0, 1)),
            }
        )
    rows[0]["advantage"] = 0.0
    case = {
        "normalise": normalise,
        "constantLength": CONSTANT_LENGTH,
        "importance": importance,
        "kl": kl,
        "clipLow": clip_range[0],
        "clipHigh": clip_range[1],
        "rows": rows,
    }
    loss, divergence = batch_loss(case, [np.array(r["logprobs"], dtype=complex) for r in rows])
    case["expected"] = {
        "loss": float(loss.real),
        "kl": float(divergence.real),
        "clippedTokens": clipped_tokens(case),
        "gradient": gradient(case),
    }
    return case


def main():
    random = np.random.default_rng(20260101)
    cases = [
        make_case(random, normalise, importance, kl, clip_range)
        for normalise in NORMALISATIONS
        for importance in ("behaviour", "none")
        for kl in (0.0, 0.02)
        for clip_range in ((0.2, 0.2), (0.2, 0.28))
    ]
    print(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()
