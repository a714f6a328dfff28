package io.urteil.judges.answer.search;

import io.urteil.run.judge.RuleJudge.Compare;
import java.util.ArrayList;
import java.util.List;

/**
 * What a search edits answers with.
 *
 * @param references that differ from each other
 * @param seeds answers to start from, each right for one of them at most
 * @param pieces to put into an answer
 * @param changes after which no answer is right
 * @param frame the text of a response, with %s for the answer
 */
public record Vocabulary(
    List<String> references,
    List<String> seeds,
    List<String> pieces,
    List<Change> changes,
    String frame) {

  private static final List<String> NUMBERS = List.of("6", "7", "-6", "12", "48250", "0.75", "9");

  private static final List<String> NUMBER_SEEDS =
      List.of(
          "6",
          "7",
          "-6",
          "12",
          "48,250",
          "0.75",
          "9",
          "6 apples",
          "3/4",
          "x = 6",
          "$12",
          "6.0",
          "exactly 6",
          "negative 6",
          "48 250",
          "it costs 12",
          "9 cm",
          "6%");

  private static final List<String> FORMULAS =
      List.of(
          "\\frac{2}{9}",
          "2\\sqrt{3}",
          "(1,3)",
          "(3,1)",
          "[0,2)",
          "(0,2)",
          "x>2",
          "x\\ge 2",
          "\\{2,7\\}",
          "x^2+1",
          "\\cos^2 t",
          "\\cos(t^2)",
          "13_{10}",
          "AB",
          "BA",
          "\\pi",
          "i",
          "\\begin{pmatrix}1&2\\\\3&4\\end{pmatrix}",
          "y=2x+1",
          "\\infty",
          "\\emptyset");

  private static final List<String> FORMULA_SEEDS =
      List.of(
          "\\frac29",
          "0.\\overline{2}",
          "\\sqrt{12}",
          "x=1, y=3",
          "(a,b)=(1,3)",
          "0\\le x<2",
          "0<x<2",
          "2<x",
          "x >= 2",
          "[2,\\infty)",
          "(2,\\infty)",
          "7,2",
          "\\{2,7,7\\}",
          "1+x^2",
          "\\cos(t)^2",
          "AB",
          "\\text{AB}",
          "3.14159265358979",
          "\\frac{\\pi}{1}\\approx 3.14",
          "\\left[\\begin{array}{cc}1&2\\\\3&4\\end{array}\\right]",
          "2x-y+1=0",
          "f(x)=2x+1",
          "infinity",
          "no solution",
          "\\textbf{(C) }41",
          "6\\text{ square units}",
          "twelve",
          "\\angle PQR=12^\\circ",
          "PQ=9",
          "|PQ|=9",
          "\\sin^{-1}(1)",
          "4:15",
          "1101_2",
          "6:1",
          "\\begin{vmatrix}3&0\\\\0&2\\end{vmatrix}",
          "|{-6}|",
          "\\boxed{6}",
          "3!",
          "\\max(6,2)");

  private static final List<String> WORDS =
      List.of(
          " ",
          "6",
          "7",
          "1",
          "0",
          "2",
          ",",
          ", ",
          ".",
          "-",
          "+",
          "/",
          "*",
          "=",
          "(",
          ")",
          "%",
          ":",
          "!",
          " or ",
          " and ",
          " not ",
          "the ",
          " apples",
          " of ",
          "about ",
          "x",
          "$",
          "is ",
          ";",
          "negative ",
          " squared",
          " per day",
          "exactly ",
          "k",
          " million",
          "'",
          "\"",
          "**",
          " cm",
          "no ",
          "~",
          "five",
          "\u2248",
          "e",
          "\u2212");

  private static final List<String> LATEX =
      List.of(
          "\\frac",
          "{",
          "}",
          "\\sqrt",
          "^",
          "_",
          "\\le ",
          "<",
          ">=",
          "\\ne ",
          "\\approx ",
          "\\cup ",
          "\\text{ or }",
          "\\text{and}",
          "\\text{",
          "[",
          "]",
          "\\{",
          "\\}",
          "|",
          "\\pi",
          "\\infty",
          "\\pm ",
          "\\sin",
          "\\cos",
          "\\ln",
          "^{-1}",
          "x",
          "y",
          "t",
          "A",
          "B",
          "\\,",
          "\\ ",
          "~",
          "\\in ",
          "\\mathbb{R}",
          "\\setminus ",
          "\\begin{pmatrix}",
          "\\end{pmatrix}",
          "&",
          "\\\\",
          "\\overline{2}",
          "f(",
          "\\angle ",
          "^\\circ",
          "\\$",
          "\\left",
          "\\right",
          "\\cdot ",
          "_2",
          "\\mid ",
          "C",
          "(C)",
          "\\log",
          "\\gcd(",
          "^T",
          "\\quad",
          "!=",
          "=>");

  private static final List<Change> NUMBER_CHANGES = numberChanges();

  public Vocabulary {
    references = List.copyOf(references);
    seeds = List.copyOf(seeds);
    pieces = List.copyOf(pieces);
    changes = List.copyOf(changes);
  }

  /** The vocabulary for a comparison. */
  public static Vocabulary of(Compare compare) {
    return switch (compare) {
      case NUMBER -> new Vocabulary(NUMBERS, NUMBER_SEEDS, WORDS, NUMBER_CHANGES, "#### %s");
      case MATH ->
          new Vocabulary(
              joined(NUMBERS, FORMULAS),
              joined(NUMBER_SEEDS, FORMULA_SEEDS),
              joined(WORDS, LATEX),
              always(),
              "So \\boxed{%s}.");
      case CHOICE ->
          new Vocabulary(
              List.of("A", "B", "C", "D"),
              List.of("A", "(B)", "C) the third", "option D", "\\text{(B)}"),
              joined(WORDS, List.of("A", "B", "(C)", "D)", "option ", "\\text{", "}")),
              List.of(new Change("not ", ""), new Change("", " or E"), new Change("E or ", "")),
              "Answer: %s");
      case TEXT ->
          new Vocabulary(
              List.of("Paris", "Rome", "6"),
              List.of("Paris", "rome", "**6**"),
              WORDS,
              List.of(new Change("not ", ""), new Change("", " or Oslo"), new Change("", "5")),
              "Answer: %s");
    };
  }

  /** The changes after which no answer is right for a reference; more of them for a number. */
  List<Change> changesOf(String reference) {
    return reference.matches("-?[0-9.]{2,9}|[2-9]") ? NUMBER_CHANGES : changes;
  }

  /** The text of a response with this answer. */
  String response(String answer) {
    return frame.replace("%s", answer);
  }

  /** Changes that no answer of any kind survives. */
  private static List<Change> always() {
    return List.of(
        new Change("not ", ""),
        new Change("\\text{not } ", ""),
        new Change("anything but ", ""),
        new Change("either ", " or 987"),
        new Change("", " or 987"),
        new Change("", "\\text{ or }987"),
        new Change("987, ", ""),
        new Change("", " if it rains, else 987"),
        new Change("", ", unless it is 987"));
  }

  /** Changes that no number survives. */
  private static List<Change> numberChanges() {
    List<Change> changes = new ArrayList<>(always());
    changes.addAll(
        List.of(
            new Change("at least ", ""),
            new Change("half of ", ""),
            new Change("the square root of ", ""),
            new Change("twice ", ""),
            new Change("", " squared"),
            new Change("", " plus 1"),
            new Change("(", ")+1"),
            new Change("(", ")*2"),
            new Change("(", ")^2"),
            new Change("", " factorial"),
            new Change("", " hundred"),
            new Change("2-(", ")"),
            new Change("1/(", ")")));
    return changes;
  }

  private static List<String> joined(List<String> one, List<String> other) {
    List<String> joined = new ArrayList<>(one);
    joined.addAll(other);
    return joined;
  }
}
