package io.urteil.judges.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Answers that differ from the reference in one thing: a sign, a bracket, an order, a word. None
 * may be right. Each reference is also set against a right form of itself, so that a comparison
 * that reads nothing fails as well.
 */
class NearMissTest {

  private static final int ROUNDS = 40;

  private final MathComparison math = new MathComparison();
  private final NumberComparison numbers = new NumberComparison();

  private final List<String> paid = new ArrayList<>();
  private final List<String> refused = new ArrayList<>();
  private int wrong;
  private int right;

  @Test
  void shouldPayNoneOfFiveThousandNearMisses() {
    for (int round = 0; round < ROUNDS; round++) {
      Random random = new Random(round);
      numbers(random);
      words(random);
      sets(random);
      tuples(random);
      labels(random);
      equations(random);
      functions(random);
      matrices(random);
      letters(random);
      boxes(random);
    }
    System.out.printf("near misses: %d wrong answers, %d right ones%n", wrong, right);
    assertThat(wrong).isGreaterThan(5_000);
    assertThat(paid).isEmpty();
    assertThat(refused).isEmpty();
  }

  private void numbers(Random random) {
    int n = 2 + random.nextInt(98_000);
    int m = n + 1 + random.nextInt(9);
    String grouped = "%,d".formatted(n);
    right(
        n, grouped, grouped.replace(",", "\\,"), grouped.replace(",", "{,}"), n + ".0", "\\$" + n);
    wrong(
        n, m, -n, n + "0", "0." + n, n + "\\%\\%", n + "!", "1" + n, n + ".5", n + "9_3", "1/" + n);
    wrong(
        n,
        n + "+1",
        n + "^2",
        "\\sqrt{" + n + "}",
        "\\frac{" + n + "}{2}",
        n + "\\cdot 2",
        n + "-1");
    wrong(
        n,
        n + "\\approx " + m + " \\text{ or } " + m,
        m + "\\approx " + n,
        n + "," + m,
        n + " " + m);
    int top = 1 + random.nextInt(40);
    int bottom = 2 + random.nextInt(40);
    String fraction = "\\frac{%d}{%d}".formatted(top, bottom);
    right(fraction, top + "/" + bottom, "\\frac{%d}{%d}".formatted(3 * top, 3 * bottom));
    if (top != bottom) {
      wrong(fraction, "\\frac{%d}{%d}".formatted(bottom, top));
    }
    wrong(fraction, "-" + fraction, "\\frac{%d}{%d}".formatted(top + 1, bottom), "1" + fraction);
    wrong(fraction, "%.4f".formatted((double) top / bottom + 0.0001));
    int digit = 1 + random.nextInt(8);
    right("\\frac{%d}{9}".formatted(digit), "0.\\overline{%d}".formatted(digit));
    wrong("\\frac{%d}{9}".formatted(digit), "0." + digit, "0." + digit + digit + digit);
    wrong("\\frac{%d}{9}".formatted(digit), "0.%d\\overline{0}".formatted(digit));
    String binary = Integer.toBinaryString(4 + random.nextInt(60));
    right(binary + "_2", "(" + binary + ")_2", Integer.parseInt(binary, 2));
    wrong(binary + "_2", binary + "_3", binary + "0_2", Integer.parseInt(binary, 2) + 1);
  }

  private void words(Random random) {
    int n = 3 + random.nextInt(90);
    int m = n + 1 + random.nextInt(9);
    right(n, n + " apples", n + "\\text{ square units}", "exactly " + n, n + "\\text{ km}");
    for (String text :
        List.of(
            "negative %d",
            "minus %d",
            "not %d",
            "either %d or %m",
            "%d or %m",
            "%d squared",
            "%d cubed",
            "the square root of %d",
            "%d plus 1",
            "%d minus 1",
            "%d times 2",
            "%d factorial",
            "at least %d",
            "at most %d",
            "more than %d",
            "less than %d",
            "%d hundred",
            "%d thousand",
            "%d dozen",
            "half of %d",
            "twice %d",
            "double %d",
            "%d to %m",
            "between %d and %m",
            "%d if it rains",
            "%d percent of %m",
            "%d and a half",
            "no %d",
            "anything but %d",
            "%d less than %m",
            "up to %d",
            "the reciprocal of %d",
            "X%d",
            "%dth root",
            "%d mod 3",
            "log %d",
            "%d, unless it is %m",
            "one of %d",
            "%d-fold %m",
            "not \\approx %d",
            "%d\\text{th}",
            "%d halves",
            "%d\\text{ or more}",
            "\\text{not } %d",
            "%d^{\\text{th}}\\text{ root}",
            "the %dth prime")) {
      String answer = text.replace("%d", "" + n).replace("%m", "" + m);
      wrong(n, answer);
      check("" + n, "#### " + answer, numbers, false);
    }
    check("" + n, "#### " + n + " apples", numbers, true);
    check("" + n, "#### $" + n, numbers, true);
    for (String text :
        List.of("%d+2", "%d*2", "2-%d", "%d^2", "%d/7", "%d:30", "%d 4", "sqrt(%d)", "%d!")) {
      check("" + n, "#### " + text.replace("%d", "" + n), numbers, false);
    }
  }

  private void sets(Random random) {
    int a = random.nextInt(40) - 20;
    int b = a + 1 + random.nextInt(20);
    boolean closed = random.nextBoolean();
    String open = closed ? "[" : "(";
    String interval = "%s%d,%d]".formatted(open, a, b);
    String low = closed ? "\\le" : "<";
    right(
        interval,
        "%d %s x \\le %d".formatted(a, low, b),
        "%d \\ge x %s %d".formatted(b, closed ? ">=" : ">", a),
        "x \\in %s%d, %d]".formatted(open, a, b));
    wrong(
        interval,
        "%d %s x < %d".formatted(a, low, b),
        "%d %s x \\le %d".formatted(a, closed ? "<" : "\\le", b),
        "%d %s x \\le %d".formatted(a, low, b + 1),
        "%d %s x \\le %d".formatted(a - 1, low, b),
        "%s%d,%d)".formatted(open, a, b),
        "(-\\infty,%d]".formatted(b),
        "x \\le " + b,
        "x \\ge " + a,
        "%d %s x \\le %d \\text{ or } x > %d".formatted(a, low, b, b + 3),
        "x < %d \\text{ or } x > %d".formatted(a, b),
        "\\{%d,%d\\}".formatted(a, b),
        "%d, %d".formatted(a, b));
    String ray = "x \\ge " + a;
    right(ray, "[%d,\\infty)".formatted(a), "x >= " + a, a + " \\le x", "2x \\ge " + 2 * a);
    wrong(
        ray,
        "x > " + a,
        "x \\le " + a,
        "x <= " + a,
        "x = " + a,
        "x \\ne " + a,
        "(%d,\\infty)".formatted(a));
    wrong(ray, "y \\ge " + a, "-x \\ge " + a, "" + a, "x \\ge " + b);
    String union = "(-\\infty,%d)\\cup(%d,\\infty)".formatted(a, b);
    right(union, "x<%d \\text{ or } x>%d".formatted(a, b), "x > %d or x < %d".formatted(b, a));
    wrong(union, "x<%d \\text{ or } x\\ge%d".formatted(a, b), "%d<x<%d".formatted(a, b));
    wrong(union, "x<%d \\text{ and } x>%d".formatted(a, b), "x \\ne " + a, "\\mathbb{R}");
    right(
        "\\{%d,%d\\}".formatted(a, b),
        "%d, %d".formatted(b, a),
        "\\{%d,%d,%d\\}".formatted(b, a, b));
    wrong(
        "\\{%d,%d\\}".formatted(a, b),
        "\\{%d\\}".formatted(a),
        "" + b,
        "%d,%d,%d".formatted(a, b, b + 1));
    wrong(
        "\\{%d,%d\\}".formatted(a, b),
        "(%d,%d)".formatted(a, b),
        "[%d,%d]".formatted(a, b),
        "\\emptyset");
  }

  private void tuples(Random random) {
    int a = random.nextInt(30) - 15;
    int b = a + 1 + random.nextInt(9);
    String point = "(%d,%d)".formatted(a, b);
    right(
        point,
        "(x,y)=" + point,
        "x=%d, y=%d".formatted(a, b),
        "\\langle %d,%d\\rangle".formatted(a, b));
    right("(x,y)=" + point, "y=%d, x=%d".formatted(b, a), point);
    wrong(
        point,
        "(%d,%d)".formatted(b, a),
        "(x,y)=(%d,%d)".formatted(b, a),
        "x=%d, y=%d".formatted(b, a),
        "(%d,%d)".formatted(a, b + 1),
        "(%d,%d)".formatted(a - 1, b),
        "(%d,%d,0)".formatted(a, b),
        "[%d,%d]".formatted(a, b),
        "%d".formatted(a),
        "x=%d".formatted(a),
        "(%d,%d),(%d,%d)".formatted(a, b, b, a));
    wrong(
        "(x,y)=" + point,
        "(y,x)=" + point,
        "x=%d,y=%d".formatted(b, a),
        "(u,v)=(%d,%d)".formatted(b, a));
    wrong("(x,y)=" + point, "x=%d, z=%d".formatted(a, b), "y=%d, x=%d".formatted(a, b));
  }

  private void labels(Random random) {
    int n = 2 + random.nextInt(80);
    right("\\angle PQR = %d^\\circ".formatted(n), n, n + "^\\circ");
    right("PQ=" + n, n, "|PQ|=" + n);
    wrong("PQ=" + n, "QR=" + n, n + 1, "PQ=" + (n + 1), "PQ=-" + n);
    wrong("a+b=" + n, n, "a-b=" + n, "a+b=" + (n + 1), "ab=" + n, "a=" + n);
    wrong("x=" + n, "y=" + n, "x=-" + n, "x\\ne " + n, "x>" + n, "x^2=" + n, "2x=" + n);
    right("f(t)=%dt".formatted(n), n + "t", "y=%dt".formatted(n));
    wrong(
        "f(t)=%dt".formatted(n), "g(t)=%dt".formatted(n), n + "t^2", "f(t)=%dt+1".formatted(n), n);
    wrong(n + "\\text{ cm}", n + "\\text{ m}", n + "\\text{ kg}", n + 1 + "\\text{ cm}");
    wrong("\\$" + n, "€" + n, n + " cents");
    wrong(
        "%d:30".formatted(1 + n % 11),
        "%d:30".formatted(2 + n % 11),
        "%d:31".formatted(1 + n % 11));
  }

  private void equations(Random random) {
    int a = 2 + random.nextInt(8);
    int b = 1 + random.nextInt(9);
    String line = "y=%dx-%d".formatted(a, b);
    right(line, "%dx-y-%d=0".formatted(a, b), "y+%d=%dx".formatted(b, a), "%dx-%d".formatted(a, b));
    wrong(
        line,
        "%dx-y+%d=0".formatted(a, b),
        "y=%d-%dx".formatted(b, a),
        "y=%dx+%d".formatted(a, b),
        "y=%dx-%d".formatted(a + 1, b),
        "x=%dy-%d".formatted(a, b),
        "y=-%dx-%d".formatted(a, b),
        "y>%dx-%d".formatted(a, b),
        "y \\ne %dx-%d".formatted(a, b),
        "%dx+y-%d=0".formatted(a, b),
        "y^2=%dx-%d".formatted(a, b),
        "%dx-%d=0".formatted(a, b));
    String square = "x^2+%dx+%d".formatted(a + b, a * b);
    right(square, "(x+%d)(x+%d)".formatted(a, b));
    wrong(square, "(x-%d)(x-%d)".formatted(a, b), "(x+%d)(x-%d)".formatted(a, b), square + "=0");
    wrong(square, "x^2+%dx+%d".formatted(a + b, a * b + 1), "(y+%d)(y+%d)".formatted(a, b));
  }

  private void functions(Random random) {
    String[] names = {"sin", "cos", "tan", "ln"};
    String f = "\\" + names[random.nextInt(names.length)];
    int n = 2 + random.nextInt(4);
    right("%s(t)^%d".formatted(f, n), "(%s t)^%d".formatted(f, n), "%s^%d t".formatted(f, n));
    wrong("%s(t)^%d".formatted(f, n), "%s(t^%d)".formatted(f, n), "%s(%dt)".formatted(f, n));
    wrong("%s(t)^%d".formatted(f, n), "%d%s(t)".formatted(n, f), "%s(t)".formatted(f));
    wrong("\\frac{1}{%s t}".formatted(f), "%s^{-1}(t)".formatted(f), "%s(1/t)".formatted(f));
    right("%d|t|".formatted(n), "|%dt|".formatted(n), "|-%dt|".formatted(n));
    wrong("%d|t|".formatted(n), "%dt".formatted(n), "|t|^%d".formatted(n), "|t|+%d".formatted(n));
    right("\\sqrt[%d]{t}".formatted(2 * n + 1), "t^{1/%d}".formatted(2 * n + 1));
    wrong("\\sqrt[%d]{t}".formatted(n), "%d\\sqrt{t}".formatted(n), "t^{%d}".formatted(n));
    wrong("\\max(a,b)", "\\min(a,b)", "a", "a+b", "\\max(a,c)");
    wrong("\\gcd(a,b)", "\\text{lcm}(a,b)", "ab", "\\gcd(a,c)", "\\max(a,b)");
    wrong(
        "\\sqrt{%d}".formatted(n * n + 1),
        n,
        "\\sqrt{%d}".formatted(n * n + 2),
        "-\\sqrt{%d}".formatted(n * n + 1));
  }

  private void matrices(Random random) {
    int a = 1 + random.nextInt(9);
    int b = a + 1 + random.nextInt(9);
    int c = b + 1 + random.nextInt(9);
    int d = c + 1 + random.nextInt(9);
    String rows = "%d&%d\\\\%d&%d";
    String matrix = "\\begin{pmatrix}" + rows.formatted(a, b, c, d) + "\\end{pmatrix}";
    right(
        matrix,
        "\\left[\\begin{array}{cc}" + rows.formatted(a, b, c, d) + "\\end{array}\\right]",
        "-\\begin{bmatrix}" + rows.formatted(-a, -b, -c, -d) + "\\end{bmatrix}");
    wrong(
        matrix,
        "\\begin{pmatrix}" + rows.formatted(a, c, b, d) + "\\end{pmatrix}",
        "\\begin{pmatrix}" + rows.formatted(a, b, c, d + 1) + "\\end{pmatrix}",
        "\\begin{vmatrix}" + rows.formatted(a, b, c, d) + "\\end{vmatrix}",
        "2" + matrix,
        matrix + "^T",
        "-" + matrix,
        a * d - b * c,
        "(%d,%d,%d,%d)".formatted(a, b, c, d));
    right(a * d - b * c, "\\begin{vmatrix}" + rows.formatted(a, b, c, d) + "\\end{vmatrix}");
    wrong(a * d - b * c + "^2+1", a * d - b * c, matrix);
    int e = a * d == b * c ? 1 : 0;
    wrong(
        a * d - b * c + e,
        matrix,
        "\\begin{vmatrix}" + rows.formatted(b, a, d, c) + "\\end{vmatrix}");
    String column = "\\begin{pmatrix}%d\\\\%d\\end{pmatrix}".formatted(a, b);
    right(column, "(%d,%d)".formatted(a, b));
    wrong(column, "(%d,%d)".formatted(b, a), "\\begin{pmatrix}%d&%d\\end{pmatrix}".formatted(a, b));
  }

  private void letters(Random random) {
    String word = "";
    while (word.length() < 2 + random.nextInt(3)) {
      char next = (char) ('A' + random.nextInt(26));
      word += word.indexOf(next) < 0 ? String.valueOf(next) : "";
    }
    String turned = new StringBuilder(word).reverse().toString();
    right(word, word, "\\text{" + word + "}");
    wrong(word, turned, word + word.charAt(0), word.substring(1), word + "2", "2" + word);
    String letter = String.valueOf((char) ('A' + random.nextInt(4)));
    String other = String.valueOf((char) ('E' + random.nextInt(4)));
    right(
        letter,
        "(" + letter + ")",
        "\\textbf{(" + letter + ") }41",
        letter.toLowerCase(Locale.ROOT));
    wrong(letter, other, "(" + other + ")", "\\textbf{(" + other + ") }41", letter + ", " + other);
    wrong(letter, letter + " or " + other, "not " + letter, letter + letter);
    int n = 2 + random.nextInt(9);
    wrong("g(%d)".formatted(n), n + "g", "g", "g(%d)".formatted(n + 1), "h(%d)".formatted(n));
  }

  private void boxes(Random random) {
    int a = 2 + random.nextInt(40);
    int b = a + 1 + random.nextInt(9);
    int c = b + 1 + random.nextInt(9);
    String both = a + "," + b;
    check(both, "They are \\boxed{%d} and \\boxed{%d}.".formatted(b, a), math, true);
    check("" + b, "The answer is $%d$. I hope it is correct.".formatted(b), math, true);
    for (String text :
        List.of(
            "\\boxed{%a} and \\boxed{%b} and \\boxed{%c}",
            "\\boxed{%a} and \\boxed{%c}",
            "\\boxed{%b}",
            "\\boxed{%a}. So \\boxed{%b}.",
            "\\boxed{%a,%c}",
            "The answer is $%a$ or $%b$ or $%c$.")) {
      check(both, filled(text, a, b, c), math, false);
    }
    for (String text :
        List.of(
            "\\boxed{%a} or \\boxed{%b}",
            "\\boxed{%b}, \\boxed{%c}",
            "The answer is $%b$ or $%c$.",
            "The answer is $%b$. No, it is $%c$.",
            "The answer is $%b$ if $x>0$.",
            "The answer is not $%b$.",
            "The answer is $%b$ squared.",
            "The answer is $%b$, or $%c$.",
            "The answer is $%a$, not $%b$.",
            "The answer is %b-%a.",
            "The answer is $%c$. I hope $%b$ is wrong.")) {
      check("" + b, filled(text, a, b, c), math, false);
    }
  }

  private static String filled(String text, int a, int b, int c) {
    return text.replace("%a", "" + a).replace("%b", "" + b).replace("%c", "" + c);
  }

  private void wrong(Object reference, Object... answers) {
    for (Object answer : answers) {
      check(reference.toString(), "\\boxed{" + answer + "}", math, false);
    }
  }

  private void right(Object reference, Object... answers) {
    for (Object answer : answers) {
      check(reference.toString(), "\\boxed{" + answer + "}", math, true);
    }
  }

  private void check(
      String reference, String response, AnswerComparison comparison, boolean expected) {
    wrong += expected ? 0 : 1;
    right += expected ? 1 : 0;
    String answer = comparison.stated(response).orElse("");
    String value = comparison.expected(reference).orElse("");
    boolean equal = comparison.canRead(answer) && comparison.equal(answer, value);
    if (equal != expected) {
      (expected ? refused : paid).add("'%s' against '%s'".formatted(response, reference));
    }
  }
}
