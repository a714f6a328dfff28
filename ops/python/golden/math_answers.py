"""Golden verdicts on pairs of mathematical answers, by math-verify (which decides with SymPy).

The answers are final answers of MATH problems (Hendrycks et al., arXiv 2103.03874). Each is set against
variants of itself that mean the same or do not: larger fractions, other commands, no spaces, one number
more, a turned sign. A pair that math-verify cannot read on both sides is left out. Usage:

    pip install math-verify==0.9.0 latex2sympy2_extended[antlr4_13_2]==1.11.0
    python ops/python/golden/math_answers.py > \
        judge-service/service/src/test/resources/io/urteil/judges/answer/math-answers.json
"""

import json
import logging
import re

from math_verify import ExprExtractionConfig, LatexExtractionConfig, parse, verify

ANSWERS = (
    r" (-\infty, -3) ",
    r" \frac{1}{5} + \frac{3}{5}i ",
    r"(-11,9)",
    r"(-2,5,-1)",
    r"(-4,1)",
    r"(-\infty, -14)\cup(-3,\infty)",
    r"(-\infty, 0] \cup (\tfrac12, \tfrac32]",
    r"(-\infty,-5]\cup[5,\infty)",
    r"(-a,0)",
    r"(1,-2)",
    r"(1,-2,2,-3)",
    r"(1,2,3)",
    r"(1,4-\sqrt{3})\cup(4+\sqrt{3},7)",
    r"(10,3)",
    r"(15,-29)",
    r"(2x+3)(2x -1)(2x+1)",
    r"(3,-3)",
    r"(3,-4)",
    r"(3,4]",
    r"(4,10)",
    r"(5 \sqrt{2}, 5 \sqrt{2})",
    r"(60,-88,25,4)",
    r"(9, 3)",
    r"(9,11)",
    r"-2,-1,1,2",
    r"-221_3",
    r"-3+2i",
    r"-\$0.50",
    r"-\tfrac{5}{2}",
    r"1 - 12i",
    r"1 - x",
    r"1+274i",
    r"1+2i",
    r"1+\sqrt 2,\ 1-\sqrt 2,\ 2+\sqrt 3,\ 2-\sqrt 3",
    r"1,-3",
    r"1,\!000,\!000,\!000",
    r"108^\circ",
    r"10\sqrt3",
    r"10\sqrt{2}",
    r"12 - 4 \sqrt{2}",
    r"1202_3",
    r"133^\circ",
    r"14+7\sqrt{2}",
    r"15 \pi",
    r"18\sqrt{3}",
    r"1\frac{1}{10}",
    r"2 \pi + 4",
    r"2 \sqrt{2} + \sqrt{6}",
    r"2 \tan x",
    r"204_5",
    r"2250\pi",
    r"24,-3",
    r"27000-4500\pi",
    r"2\cos 15^{\circ}",
    r"2\sqrt{10}",
    r"3032_5",
    r"33 \frac{1}{3}",
    r"34,\!650",
    r"39^\circ",
    r"3:1",
    r"3R^2",
    r"3\sqrt{13}",
    r"3qr + 6q - 15r -30",
    r"3x^2 - 7x + 4",
    r"40\pi",
    r"40^\circ",
    r"4\sqrt{3}",
    r"4x-5y=-50",
    r"4x^2 - 6x + 4",
    r"5,\!040",
    r"5,\!460",
    r"50^\circ",
    r"5\sqrt{5}",
    r"5k",
    r"6 + 8i, 6 + 17i",
    r"6, -2",
    r"6\sqrt{2}",
    r"7.2\%",
    r"7602_8",
    r"76^\circ",
    r"7\%",
    r"7\pi",
    r"8+4\sqrt3",
    r"8\frac47",
    r"8{,}880",
    r"96\sqrt{3}",
    r"B, C",
    r"C",
    r"[-10,4]",
    r"[-3,-2] \cup [0,1]",
    r"\$16,\!386.16",
    r"\$32,\!348",
    r"\$4,\!000",
    r"\begin{pmatrix} - 2 \\ -7 \\ 13 \end{pmatrix}",
    r"\begin{pmatrix} -5 \\ 2 \end{pmatrix}",
    r"\begin{pmatrix} -6 \\ 6 \end{pmatrix}",
    r"\begin{pmatrix} 0 & 1 \\ 1 & 0 \end{pmatrix}",
    r"\begin{pmatrix} 1 \\ 2 \\ -3 \end{pmatrix}",
    r"\begin{pmatrix} 1/5 & 4/5 \\ 0 & 1 \end{pmatrix}",
    r"\begin{pmatrix} 11 \\ 44 \end{pmatrix}",
    r"\begin{pmatrix} 2 & -3 \\ 0 & 3 \end{pmatrix}",
    r"\begin{pmatrix} 2/5 \\ -1/5 \\ 0 \end{pmatrix}",
    r"\begin{pmatrix} 3 & 2 \\ 0 & -7 \end{pmatrix}",
    r"\begin{pmatrix} 3 & 6 \\ 2 & 7 \end{pmatrix}",
    r"\begin{pmatrix} 5/3 \\ 5/3 \\ 4/3 \end{pmatrix}",
    r"\frac 34",
    r"\frac12",
    r"\frac15",
    r"\frac65",
    r"\frac{16 \pi}{3}",
    r"\frac{16 \sqrt{3}}{9}",
    r"\frac{176}{3}\pi",
    r"\frac{3 \pi}{4}",
    r"\frac{3}{4}, -\frac{3}{4}",
    r"\frac{\pi}{3}",
    r"\frac{\sqrt{10}}{5}",
    r"\frac{\sqrt{21}}{5}",
    r"\frac{\sqrt{3}}{9}",
    r"\frac{\sqrt{5}}{5}",
    r"\frac{\sqrt{6}}{3}",
    r"\left( 3, \frac{11 \pi}{8}, \frac{4 \pi}{5} \right)",
    r"\left( \frac{11}{15}, \frac{11}{60}, \frac{1}{12} \right)",
    r"\left( \frac{4}{3}, -\frac{1}{3} \right)",
    r"\left(1,\frac{9}{2}\right)",
    r"\left[\frac{1}{2}, \frac{4}{3}\right]",
    r"\sqrt{13}",
    r"\sqrt{21}",
    r"\sqrt{2} - 1",
    r"\sqrt{3}",
    r"\sqrt{3} - 4",
    r"\sqrt{6} + 3\sqrt{2}",
    r"\sqrt{74}",
    r"a",
    r"b - 1",
    r"x + 2",
    r"x^2 + 10x + 25",
    r"x^4 - 4x^3 + 5x^2 + 2x - 1",
    r"y = -2x",
    r"y = 3x^2 - 34x + 88",
    r"z^5-3z^4+6z^3-14z^2+14z-4",
)


def variants(answer):
    yield answer.replace(r"\frac", r"\dfrac")
    if r"\begin" not in answer and not re.search(r"\\[a-z]+ [a-z0-9]", answer):
        yield re.sub(r"\s+", "", answer)
    yield re.sub(
        r"\\frac\{(\d+)\}\{(\d+)\}", lambda m: rf"\frac{{{int(m[1]) * 3}}}{{{int(m[2]) * 3}}}", answer
    )
    yield re.sub(r"(?<![\d_^{.])(\d+)(?![\d}.])", lambda m: str(int(m[1]) + 1), answer, count=1)
    yield re.sub(r"\\sqrt\{(\d+)\}", lambda m: rf"\frac{{{m[1]}}}{{\sqrt{{{m[1]}}}}}", answer)
    yield answer.replace("-", "+", 1)


def read(answer):
    text = "$" + answer.replace(r"\$", "") + "$"
    return parse(text, extraction_config=[LatexExtractionConfig(), ExprExtractionConfig()], parsing_timeout=None)


def pairs():
    for answer in ANSWERS:
        reference = read(answer)
        for variant in sorted(set(variants(answer)) - {answer}):
            given = read(variant)
            if reference and given:
                equal = verify(reference, given, timeout_seconds=None)
                yield {"answer": variant, "reference": answer, "equal": equal}


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    print(json.dumps(list(pairs()), indent=0))
