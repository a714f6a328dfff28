"""Golden vectors of group advantages, computed without a line of Urteil.

Each preset is written the way the trainer of its name codes it (read in their sources, November 2026), not
by the settings record that Urteil reduces them to. A member that is missing is None. Usage:

    python advantages.py > ../../../topology/src/test/resources/golden/advantages.json
"""

import json

import numpy as np


def default(r):
    """Mean baseline, population deviation, epsilon 1e-4."""
    return (r - r.mean()) / (r.std() + 1e-4)


def trl(r):
    """TRL, GRPOTrainer: nanmean, nanstd with one degree of freedom; NaN advantages become 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        advantages = (r - np.nanmean(r)) / (np.nanstd(r, ddof=1) + 1e-4) if len(r) > 1 else r * np.nan
    return np.nan_to_num(advantages, nan=0.0)


def trl_async(r):
    """TRL, AsyncGRPO: numpy's default deviation."""
    return (r - np.mean(r)) / (np.std(r) + 1e-8)


def verl(r):
    """verl, compute_grpo_outcome_advantage: a group of one has mean 0 and deviation 1."""
    mean, std = (0.0, 1.0) if len(r) == 1 else (np.mean(r), np.std(r, ddof=1))
    return (r - mean) / (std + 1e-6)


def openrlhf(r):
    """OpenRLHF, group_norm. Needs full groups; one survivor has nothing to be compared with."""
    return np.zeros(1) if len(r) == 1 else (r - r.mean()) / (r.std(ddof=1) + 1e-9)


def centred(r):
    """prime-rl, and Dr. GRPO: no deviation."""
    return r - r.mean()


def rloo(r):
    """RLOO: each reward against the mean of the others; one survivor is its own baseline."""
    if len(r) == 1:
        return np.zeros(1)
    return np.array([r[i] - np.delete(r, i).mean() for i in range(len(r))])


PRESETS = {
    "default": default,
    "trl": trl,
    "trl-async": trl_async,
    "verl": verl,
    "openrlhf": openrlhf,
    "prime": centred,
    "dr-grpo": centred,
    "rloo": rloo,
}

CASES = {
    "one of four": [1, 0, 0, 0],
    "half": [1, 1, 0, 0, 1, 0, 1, 0],
    "j1 prices": [1.5, 1.5, 1.0, 0.0, -0.5, 0.0, 1.0, -0.5],
    "two": [0.25, 0.75],
    "large and close": [1000.5, 1000.25, 1000.75, 1000.5],
    "equal": [0.5, 0.5, 0.5, 0.5],
    "equal zeros": [0, 0, 0],
    "one survivor": [None, 0.75, None, None],
    "one survivor at zero": [0, None],
    "missing members": [1.0, None, 0.0, 0.5, None, 1.0],
}


def vectors():
    for preset, compute in PRESETS.items():
        for case, rewards in CASES.items():
            present = np.array([r for r in rewards if r is not None], dtype=np.float64)
            yield {
                "preset": preset,
                "case": case,
                "rewards": rewards,
                "advantages": [float(a) for a in compute(present)],
            }


if __name__ == "__main__":
    print(json.dumps(list(vectors()), indent=1))
