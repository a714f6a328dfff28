"""Verdicts of math-verify (which decides with SymPy) on 2,000 generated pairs of mathematical answers.

Each pair is a reference and an answer that is the same value in another form, or differs from it in one
thing. Whether it is the same is known by construction. The test `MathVerifyTest` compares the verdicts
with this project's own; `math-verify-differences.tsv` explains each pair on which they differ. Usage:

    pip install math-verify==0.9.0 latex2sympy2_extended==1.11.0 antlr4-python3-runtime==4.13.2
    python ops/python/golden/math_differences.py > \
        judge-service/service/src/test/resources/io/urteil/judges/answer/math-verify-pairs.jsonl
"""

import json
import logging
import random

from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify

PAIRS = 2_000


def rows(rng):
    """Kind, reference, answer, and whether they mean the same."""
    n = rng.randint(2, 9999)
    m = n + rng.randint(1, 9)
    a, b = rng.randint(-20, -1), rng.randint(1, 20)
    p, q = rng.randint(1, 30), rng.randint(2, 30)
    k = rng.randint(2, 9)
    yield "number", f"{n}", f"{n}.0", True
    yield "number", f"{n}", f"{m}", False
    yield "thousands", f"{n + 10000}", f"{n + 10000:,}".replace(",", "{,}"), True
    yield "fraction", rf"\frac{{{p}}}{{{q}}}", rf"\frac{{{p * k}}}{{{q * k}}}", True
    yield "fraction", rf"\frac{{{p}}}{{{q}}}", rf"\frac{{{p + 1}}}{{{q}}}", False
    yield "fraction", rf"\frac{{{p}}}{{{q}}}", f"{p}/{q}", True
    yield "root", rf"{k}\sqrt{{{p}}}", rf"\sqrt{{{k * k * p}}}", True
    yield "root", rf"{k}\sqrt{{{p}}}", rf"\sqrt{{{k * p + 1}}}", False
    yield "root as a power", rf"\sqrt[3]{{{p}}}", rf"{p}^{{1/3}}", True
    yield "approximation", rf"\frac{{{p}}}{{{p + 7}}}", rf"\frac{{{p}}}{{{p + 7}}} \approx {p / (p + 7):.4f}", True
    yield "approximation", f"{m}", rf"{n} \approx {m}", False
    yield "ASCII relation", rf"x \geq {a}", f"x >= {a}", True
    yield "ASCII relation", rf"x \geq {a}", f"x <= {a}", False
    yield "relation turned round", rf"x \leq {b}", rf"{b} \geq x", True
    yield "interval", f"({a},{b}]", rf"{a} < x \leq {b}", True
    yield "interval", f"({a},{b}]", rf"{a} < x < {b}", False
    yield "interval", f"({a},{b}]", f"[{a},{b})", False
    yield "union", rf"(-\infty,{a})\cup({b},\infty)", rf"x<{a} \text{{ or }} x>{b}", True
    yield "union", rf"(-\infty,{a})\cup({b},\infty)", rf"(-\infty,{a}]\cup({b},\infty)", False
    yield "named tuple", f"({a},{b})", f"(x,y)=({a},{b})", True
    yield "named tuple", f"({a},{b})", f"x={a}, y={b}", True
    yield "named tuple", f"({a},{b})", f"(x,y)=({b},{a})", False
    yield "tuple", f"({a},{b})", f"({b},{a})", False
    yield "labelled value", rf"\angle PQR = {k}0^\circ", rf"{k}0^\circ", True
    yield "labelled value", f"f(t)={k}t", f"{k}t", True
    yield "labelled value", f"a+b={n}", f"{n}", False
    yield "equation", f"y={k}x-{b}", f"{k}x-y-{b}=0", True
    yield "equation", f"y={k}x-{b}", f"{k}x-y+{b}=0", False
    yield "equation", f"x={n}", f"x-{n}=0", True
    yield "function", r"\cos(t)^2", r"\cos^2 t", True
    yield "function", rf"\ln(t^{k})", rf"\ln(t)^{k}", False
    yield "function", rf"{k}|t|", f"|{k}t|", True
    yield "function", r"\frac{1}{\tan t}", r"\tan^{-1}(t)", False
    yield "polynomial", f"(x+{b})(x+{k})", f"x^2+{b + k}x+{b * k}", True
    yield "polynomial", f"(x+{b})(x+{k})", f"x^2+{b + k}x+{b * k + 1}", False
    yield "matrix", rf"\begin{{pmatrix}}{a}&{b}\\{k}&{p}\end{{pmatrix}}", rf"\begin{{bmatrix}}{a}&{b}\\{k}&{p}\end{{bmatrix}}", True
    yield "matrix", rf"\begin{{pmatrix}}{a}&{b}\\{k}&{p}\end{{pmatrix}}", rf"\begin{{pmatrix}}{a}&{k}\\{b}&{p + 40}\end{{pmatrix}}", False
    yield "matrix", rf"\begin{{pmatrix}}{k * a}\\{k * b}\end{{pmatrix}}", rf"{k}\begin{{pmatrix}}{a}\\{b}\end{{pmatrix}}", True
    yield "vector as a tuple", rf"\begin{{pmatrix}}{a}\\{b}\end{{pmatrix}}", f"({a},{b})", True
    yield "repeating decimal", rf"\frac{{{k - 1}}}{{9}}", rf"0.\overline{{{k - 1}}}", True
    yield "repeating decimal", rf"\frac{{{k - 1}}}{{9}}", f"0.{k - 1}{k - 1}", False
    yield "base", f"{k}1_{k + 1}", f"{k * (k + 1) + 1}", True
    yield "percentage", f"{p}\\%", f"{p}", True
    yield "percentage", f"{p}\\%", f"{p + 1}", False
    yield "set", rf"\{{{a},{b}\}}", rf"\{{{b},{a}\}}", True
    yield "set", rf"\{{{a},{b}\}}", rf"\{{{b},{a},{b}\}}", True
    yield "set", rf"\{{{a},{b}\}}", rf"\{{{a},{b + 1}\}}", False
    yield "words", f"{n}", rf"{n} \text{{ apples}}", True
    yield "words", f"{n}", rf"\text{{negative }} {n}", False
    yield "words", f"{n}", rf"{n} \text{{ or }} {m}", False
    yield "letters", "ABC", "CAB", False
    yield "letters", f"{k}xy", f"{k}yx", True
    yield "letters", f"g({k})", f"{k}g", False
    yield "unit", rf"{n}\text{{ cm}}", f"{n}", True


def pairs():
    known = set()
    rng = random.Random(18)
    while True:
        for kind, reference, answer, same in rows(rng):
            # A row is generated again until its numbers are new; rows without numbers stand once.
            if (reference, answer) not in known:
                known.add((reference, answer))
                yield {"kind": kind, "reference": reference, "answer": answer, "same": same}
                if len(known) == PAIRS:
                    return


def read(answer):
    return parse(
        "$" + answer + "$",
        extraction_config=[LatexExtractionConfig(), ExprExtractionConfig()],
        parsing_timeout=None,
    )


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    for pair in pairs():
        reference, answer = read(pair["reference"]), read(pair["answer"])
        pair["mathVerify"] = bool(reference and answer) and verify(
            reference, answer, timeout_seconds=None
        )
        print(json.dumps(pair, ensure_ascii=False), flush=True)
