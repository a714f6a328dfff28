"""Golden vectors of tournament ratings, computed without a line of Urteil.

Bradley-Terry by minimising the negative log-likelihood over log-strengths with scipy (trust region, exact gradient and
Hessian), where Urteil iterates Hunter's minorisation; Elo written from its definition. A tie is half a win of each. The
prior is a number of ties with an opponent of strength 1. Usage:

    pip install numpy scipy
    python ratings.py > ../../../judge-service/service/src/test/resources/golden/ratings.json
"""

import json

import numpy as np
from scipy.optimize import minimize


def bradley_terry(n, matches, prior):
    def terms(theta):
        for a, b, points in matches:
            yield a, b, points, theta[a] - theta[b]

    def loss(theta):
        value = sum(p * np.logaddexp(0, -d) + (1 - p) * np.logaddexp(0, d) for _, _, p, d in terms(theta))
        return value + prior / 2 * sum(np.logaddexp(0, -t) + np.logaddexp(0, t) for t in theta)

    def sigmoid(x):
        return 1 / (1 + np.exp(-x))

    def gradient(theta):
        g = np.zeros(n)
        for a, b, p, d in terms(theta):
            g[a] += sigmoid(d) - p
            g[b] -= sigmoid(d) - p
        return g + prior * (sigmoid(theta) - 0.5)

    def hessian(theta):
        h = np.diag(prior * sigmoid(theta) * (1 - sigmoid(theta)))
        for a, b, _, d in terms(theta):
            w = sigmoid(d) * (1 - sigmoid(d))
            h[a, a] += w
            h[b, b] += w
            h[a, b] -= w
            h[b, a] -= w
        return h

    fit = minimize(loss, np.zeros(n), method="trust-exact", jac=gradient, hess=hessian, options={"gtol": 1e-12})
    theta = fit.x
    for _ in range(5):  # Newton steps to the last bit
        theta = theta - np.linalg.solve(hessian(theta), gradient(theta))
    elo = 400 / np.log(10) * theta
    return list(elo - elo.mean() + 1000)


def elo(n, matches, k):
    ratings = [1000.0] * n
    for a, b, points in matches:
        expected = 1 / (1 + 10 ** ((ratings[b] - ratings[a]) / 400))
        change = k * (points - expected)
        ratings[a] += change
        ratings[b] -= change
    return ratings


def main():
    random = np.random.default_rng(20260105)
    cases = [
        {"name": "two, one win", "candidates": 2, "matches": [[0, 1, 1.0]]},
        {"name": "a clean order of three", "candidates": 3, "matches": [[0, 1, 1.0], [0, 2, 1.0], [1, 2, 1.0]]},
        {"name": "a cycle", "candidates": 3, "matches": [[0, 1, 1.0], [1, 2, 1.0], [0, 2, 0.0]]},
        {"name": "all ties", "candidates": 4, "matches": [[i, (i + 1) % 4, 0.5] for i in range(4)]},
        {"name": "two islands", "candidates": 4, "matches": [[0, 1, 1.0], [2, 3, 0.0]]},
    ]
    for n in (4, 5, 8):
        matches = [
            [i, j, float(random.choice([0, 0.5, 1], p=[0.35, 0.2, 0.45]))] for i in range(n) for j in range(i + 1, n)
        ]
        cases.append({"name": f"round robin of {n}", "candidates": n, "matches": matches})
    for case in cases:
        n, matches = case["candidates"], case["matches"]
        case["bradleyTerry"] = {str(p): bradley_terry(n, matches, p) for p in (0.1, 1.0)}
        case["elo"] = {str(k): elo(n, matches, k) for k in (16.0, 32.0)}
    print(json.dumps(cases, indent=1))


if __name__ == "__main__":
    main()
