"""Golden vectors of group advantages, computed without a line of Urteil.

Each preset is written the way the trainer of its name codes it (read in their sources, November 2026), not
by the settings record that Urteil reduces them to. A member that is missing is None. Usage:

    python advantages.py > ../../../schemas/events/src/test/resources/golden/advantages.json
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


def nemo(r):
    """NeMo RL, calculate_baseline_and_std_per_prompt: both moments of the others; no division where that is 0."""
    if len(r) <= 1:
        return np.zeros(len(r))
    out = []
    for i in range(len(r)):
        others = np.delete(r, i)
        std = others.std(ddof=1) if len(others) > 1 and not np.all(others == others[0]) else 0.0
        out.append((r[i] - others.mean()) / (std + 1e-6) if std > 0 else r[i] - others.mean())
    return np.array(out)


def pipelinerl(r):
    """PipelineRL, populate_rl_data with divide_advantage_by_std off, as its base configuration has it."""
    if len(r) == 1:
        return np.zeros(1)
    return r - (r.sum() - r) / (len(r) - 1)


def maxrl(r):
    """prime-rl, MaxRLAlgorithm: by the mean; nothing where that is not above 0."""
    m = r.mean()
    return np.zeros(len(r)) if m <= 0 else (r - m) / m


PRESETS = {
    "default": default,
    "trl": trl,
    "trl-async": trl_async,
    "verl": verl,
    "openrlhf": openrlhf,
    "prime": centred,
    "dr-grpo": centred,
    "rloo": rloo,
    "nemo": nemo,
    "pipelinerl": pipelinerl,
    "maxrl": maxrl,
}


def nanstd(values):
    """TRL, nanstd: one degree of freedom; NaN for fewer than two values."""
    values = values[~np.isnan(values)]
    return values.std(ddof=1) if len(values) > 1 else np.nan


def lite_ppo(batch):
    """TRL with scale_rewards: batch (Lite-PPO): the group's mean, the batch's deviation, epsilon 1e-4."""
    std = nanstd(np.concatenate(batch))
    return [np.nan_to_num((r - r.mean()) / (std + 1e-4), nan=0.0) for r in batch]


def gdpo(batch, weights):
    """TRL with normalize_then_sum (GDPO): each part in its group, weighted sum, then over the batch."""
    summed = []
    for group in batch:
        total = np.zeros(len(group))
        for name, weight in weights.items():
            part = np.array([member[name] for member in group], dtype=np.float64)
            std = nanstd(part)
            total += weight * np.nan_to_num((part - part.mean()) / (std + 1e-4), nan=0.0)
        summed.append(total)
    everything = np.concatenate(summed)
    std = nanstd(everything) if len(everything) > 1 else 0.0
    return [np.nan_to_num((total - everything.mean()) / (std + 1e-4), nan=0.0) for total in summed]


BATCHES = {
    "two groups": [[1, 0, 0, 0], [1, 1, 0.5, 0]],
    "one of equal rewards": [[1, 1, 1], [1, 0, 0]],
    "one survivor": [[0.75], [1, 0, 0.5]],
    "all equal": [[0.5, 0.5], [0.5, 0.5]],
    "uneven": [[1000.5, 1000.25], [-3, 4.2, -0.5, -2.5]],
}

WEIGHTS = {"correct": 1.0, "format": 0.25}

PARTS = {
    "two groups": [
        [{"correct": 1, "format": 1}, {"correct": 0, "format": 1}, {"correct": 0, "format": 0}],
        [{"correct": 0, "format": 1}, {"correct": 1, "format": 0}, {"correct": 1, "format": 1}],
    ],
    "a part that never differs": [
        [{"correct": 1, "format": 1}, {"correct": 0, "format": 1}],
        [{"correct": 0, "format": 1}, {"correct": 1, "format": 1}],
    ],
    "one survivor": [
        [{"correct": 1, "format": 0}],
        [{"correct": 0, "format": 1}, {"correct": 1, "format": 0.5}, {"correct": 0, "format": 0}],
    ],
    "one group of equal rewards": [
        [{"correct": 1, "format": 1}, {"correct": 1, "format": 1}],
        [{"correct": 0, "format": 1}, {"correct": 1, "format": 1}],
    ],
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
    for case, groups in BATCHES.items():
        batch = [np.array(r, dtype=np.float64) for r in groups]
        yield {
            "preset": "lite-ppo",
            "case": case,
            "batch": groups,
            "advantages": [[float(a) for a in of] for of in lite_ppo(batch)],
        }
    for case, groups in PARTS.items():
        yield {
            "preset": "gdpo",
            "case": case,
            "weights": WEIGHTS,
            "parts": groups,
            "advantages": [[float(a) for a in of] for of in gdpo(groups, WEIGHTS)],
        }


if __name__ == "__main__":
    print(json.dumps(list(vectors()), indent=1))
