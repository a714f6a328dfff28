"""Golden tables of the judges' rewards, computed without a line of Urteil.

Each rule is written the way its paper or its authors' code has it (read November 2026). Usage:

    python rewards.py > ../../../schemas/events/src/test/resources/golden/rewards.json
"""

import json


def sign(x):
    return (x > 0) - (x < 0)


def judgelrm_paper(s, g):
    """JudgeLRM, arXiv 2504.00050, equations 1 to 5. Prices of bad forms are the run file's."""
    if not all(1 <= x <= 10 for x in s):
        return None
    relation = sign(s[0] - s[1]) == sign(g[0] - g[1])
    distance = abs(s[0] - g[0]) + abs(s[1] - g[1])
    reward = 1.0
    reward += 2.0 if relation else -1.5
    reward += 1.0 if distance == 0 else 0.6 if relation and distance <= 2 else 0.0
    reward += 0.2 if relation and abs(s[0] - s[1]) >= abs(g[0] - g[1]) else 0.0
    return reward


def judgelrm_code(s, g):
    """JudgeLRM, judgelrm.py: '>=' on both sides, scores from 0, content only when the relation holds."""
    if not all(0 <= x <= 10 for x in s):
        return -0.5 - 2.0
    if (s[0] >= s[1]) != (g[0] >= g[1]):
        return 1.0 - 1.5
    content = 2.0
    distance = abs(s[0] - g[0]) + abs(s[1] - g[1])
    if distance == 0:
        content += 1.0
    elif distance <= 2:
        content += 0.6
    if abs(s[0] - s[1]) >= abs(g[0] - g[1]):
        content += 0.2
    return 1.0 + content


def think_j_strength(side, k, gold):
    """Think-J, reward_strength: gold < 0 is a."""
    if side != ("A" if gold < 0 else "B"):
        return 0.0
    return 1 - abs(abs(gold) - k) / 8 if k in (1, 2, 3) else 0.5


def think_j_score(s, side):
    """Think-J, reward_score: two scores of 0 to 100."""
    d = s[0] - s[1]
    right = d > 0 if side == "A" else d < 0
    return 1 + min(abs(d) / 100, 1) if right else -abs(d) / 100


def overlong(tokens, most, buffer, factor):
    """DAPO's soft punishment as in verl's reward manager, capped at the factor."""
    exceeded = tokens - (most - buffer)
    return max(min(-exceeded / buffer * factor, 0), -factor)


def score(r1, r2, alpha):
    """SCoRe, arXiv 2409.12917, section 4: the bonus of the second attempt."""
    return [r1, r2 + alpha * (r2 - r1)]


def self_verify(right, wrong):
    """Self-Verify, arXiv 2506.01369: more for what is rarer; over all solutions the mean is 1."""
    total = right + wrong
    return [total / (2 * right), total / (2 * wrong)]


SCORES = [(a, b) for a in (0, 1, 3, 5, 7, 8, 10, 11) for b in (0, 1, 3, 5, 7, 8, 10, 11)]
REFERENCES = [(7, 3), (3, 7), (5, 5), (8, 7), (10, 1)]


def tables():
    yield {
        "rule": "judgelrm",
        "rows": [
            {"scores": s, "reference": g, "paper": judgelrm_paper(s, g), "code": judgelrm_code(s, g)}
            for s in SCORES
            for g in REFERENCES
        ],
    }
    yield {
        "rule": "think-j-strength",
        "rows": [
            {"side": side, "strength": k, "reference": gold, "reward": think_j_strength(side, k, gold)}
            for side in "AB"
            for k in (0, 1, 2, 3, 4)
            for gold in (-3, -2, -1, 1, 2, 3)
        ],
    }
    yield {
        "rule": "think-j-score",
        "rows": [
            {"scores": s, "reference": side, "reward": think_j_score(s, side)}
            for s in ((90, 10), (10, 90), (50, 50), (70, 65), (0, 100))
            for side in "AB"
        ],
    }
    yield {
        "rule": "overlong",
        "rows": [
            {"tokens": n, "maxTokens": 100, "buffer": 20, "factor": f, "reward": overlong(n, 100, 20, f)}
            for n in (0, 79, 80, 81, 90, 99, 100, 250)
            for f in (1.0, 0.5)
        ],
    }
    yield {
        "rule": "score-shaping",
        "rows": [
            {"first": r1, "second": r2, "alpha": a, "rewards": score(r1, r2, a)}
            for r1 in (0, 1)
            for r2 in (0, 1)
            for a in (2.0, 10.0)
        ],
    }
    yield {
        "rule": "self-verify",
        "rows": [
            {"right": c, "wrong": i, "rewards": self_verify(c, i)} for c, i in ((4, 4), (1, 7), (7, 1), (3, 5))
        ],
    }


if __name__ == "__main__":
    print(json.dumps(list(tables()), indent=None, separators=(",", ":")))
