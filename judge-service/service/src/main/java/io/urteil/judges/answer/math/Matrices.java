package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathAnswer.Matrix;
import io.urteil.judges.answer.math.MathAnswer.Value;
import io.urteil.judges.answer.number.Rational;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads matrices with a factor before them, determinants, and systems of equations. */
final class Matrices {

  private static final int MAX_ROWS = 50;

  /** Determinants are expanded, so their work grows with the factorial of this number. */
  private static final int LARGEST_DETERMINANT = 4;

  private static final Set<String> SYSTEMS =
      Set.of("cases", "array", "aligned", "align", "gathered", "dcases", "split");

  private static final Set<String> BRACKETED =
      Set.of("matrix", "pmatrix", "bmatrix", "Bmatrix", "smallmatrix", "array");

  private Matrices() {}

  /** The rows of a system behind a brace or in an environment of its own; null without one. */
  static @Nullable List<List<MathToken>> system(List<MathToken> tokens) {
    boolean braced = tokens.size() > 2 && tokens.getFirst().is("\\{");
    List<MathToken> body = braced ? tokens.subList(1, tokens.size()) : tokens;
    if (braced && body.getLast().is(".")) {
      body = body.subList(0, body.size() - 1);
    }
    String name = environment(body);
    if (name == null || !SYSTEMS.contains(name) || (name.equals("array") && !braced)) {
      return null;
    }
    List<List<MathToken>> rows = new ArrayList<>();
    for (List<MathToken> row : TokenLists.split(content(body, name), "\\\\")) {
      List<MathToken> cells = new ArrayList<>(row);
      boolean aligned = !name.endsWith("cases");
      if (aligned) {
        cells.removeIf(token -> token.is("&"));
      }
      while (!cells.isEmpty() && (cells.getLast().is(",") || cells.getLast().is("."))) {
        cells.removeLast();
      }
      if (!cells.isEmpty()) {
        rows.add(cells);
      }
    }
    return rows.isEmpty() ? null : rows;
  }

  /** A matrix with an optional factor, or the value of a determinant; null for anything else. */
  static @Nullable MathAnswer read(List<MathToken> tokens, int nesting) {
    int begin = begin(tokens);
    if (begin < 0) {
      return null;
    }
    List<MathToken> factor = tokens.subList(0, begin);
    List<MathToken> body = tokens.subList(begin, tokens.size());
    boolean transposed = isTransposed(body);
    if (transposed) {
      body = withoutTranspose(body);
    }
    boolean bars = TokenLists.isWrapped(body, "|", "|") || isBarred(body);
    boolean brackets = TokenLists.isWrapped(body, "(", ")") || TokenLists.isWrapped(body, "[", "]");
    if (bars || brackets) {
      body = TokenLists.inner(body);
    }
    String name = body.isEmpty() ? null : environment(body);
    if (name == null || (name.equals("array") && !bars && !brackets)) {
      return null;
    }
    boolean named = factor.size() == 1 && factor.getFirst().is("det");
    boolean determinant = name.equals("vmatrix") || bars || named;
    if (!determinant && !BRACKETED.contains(name)) {
      return null;
    }
    List<List<MathAnswer>> rows = rows(content(body, name), nesting);
    if (rows == null) {
      return null;
    }
    if (determinant) {
      MathNode value = transposed ? null : determinant(rows);
      return value == null || !(factor.isEmpty() || named) ? null : Value.of(value);
    }
    return scaled(transposed ? transposed(rows) : rows, factor);
  }

  private static boolean isBarred(List<MathToken> body) {
    return body.size() > 2 && body.getFirst().is("|") && body.getLast().is("|");
  }

  /** Where the matrix with its brackets begins; -1 without one. */
  private static int begin(List<MathToken> tokens) {
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).isSymbol() && tokens.get(i).text().startsWith("begin")) {
        boolean bracket =
            i > 0
                && (tokens.get(i - 1).is("(")
                    || tokens.get(i - 1).is("[")
                    || tokens.get(i - 1).is("|"));
        return bracket ? i - 1 : i;
      }
    }
    return -1;
  }

  static boolean isTransposed(List<MathToken> tokens) {
    int size = tokens.size();
    boolean plain = size > 3 && tokens.get(size - 2).is("^") && isT(tokens.get(size - 1));
    boolean braced =
        size > 5
            && tokens.get(size - 4).is("^")
            && tokens.get(size - 3).is("{")
            && isT(tokens.get(size - 2))
            && tokens.getLast().is("}");
    return plain || braced;
  }

  static List<MathToken> withoutTranspose(List<MathToken> tokens) {
    return tokens.subList(0, tokens.size() - (tokens.getLast().is("}") ? 4 : 2));
  }

  private static boolean isT(MathToken token) {
    return token.is("top") || (token.isLetter() && token.text().equals("T"));
  }

  private static @Nullable String environment(List<MathToken> tokens) {
    MathToken first = tokens.getFirst();
    if (!first.isSymbol() || !first.text().startsWith("begin")) {
      return null;
    }
    String name = first.text().substring("begin".length());
    boolean whole = tokens.getLast().is("end" + name) && TokenLists.closesAtEnd(tokens);
    return whole ? name.replace("*", "") : null;
  }

  /** The tokens within an environment, without the columns of an array. */
  private static List<MathToken> content(List<MathToken> tokens, String name) {
    List<MathToken> inner = TokenLists.inner(tokens);
    if (name.equals("array") && !inner.isEmpty() && inner.getFirst().is("{")) {
      int close = 0;
      while (close < inner.size() && !inner.get(close).is("}")) {
        close++;
      }
      return inner.subList(Math.min(close + 1, inner.size()), inner.size());
    }
    return inner;
  }

  private static @Nullable List<List<MathAnswer>> rows(List<MathToken> content, int nesting) {
    List<List<MathAnswer>> rows = new ArrayList<>();
    for (List<MathToken> row : TokenLists.split(content, "\\\\")) {
      List<MathAnswer> cells =
          row.isEmpty() ? List.of() : AnswerReader.readAll(TokenLists.split(row, "&"), nesting);
      if (cells == null || rows.size() > MAX_ROWS) {
        return null;
      }
      if (!cells.isEmpty()) {
        rows.add(cells);
      }
    }
    return rows.isEmpty() ? null : rows;
  }

  private static List<List<MathAnswer>> transposed(List<List<MathAnswer>> rows) {
    List<List<MathAnswer>> columns = new ArrayList<>();
    for (int column = 0; column < rows.getFirst().size(); column++) {
      List<MathAnswer> cells = new ArrayList<>();
      for (List<MathAnswer> row : rows) {
        if (column < row.size()) {
          cells.add(row.get(column));
        }
      }
      columns.add(cells);
    }
    return columns;
  }

  private static @Nullable MathAnswer scaled(List<List<MathAnswer>> rows, List<MathToken> factor) {
    if (factor.isEmpty()) {
      return new Matrix(rows);
    }
    List<MathToken> times = new ArrayList<>(factor);
    if (times.getLast().is("*")) {
      times.removeLast();
    }
    boolean sign = times.size() == 1 && times.getFirst().is("-");
    MathNode by = sign ? new MathNode.Constant(Rational.of(-1)) : MathParser.parse(times);
    List<List<MathAnswer>> scaled = new ArrayList<>();
    for (List<MathAnswer> row : rows) {
      List<MathAnswer> cells = new ArrayList<>();
      for (MathAnswer cell : row) {
        if (by == null
            || !(cell instanceof Value(var label, MathNode node, boolean percent, var unit))) {
          return null;
        }
        cells.add(new Value(label, new MathNode.Product(List.of(by, node)), percent, unit));
      }
      scaled.add(cells);
    }
    return new Matrix(scaled);
  }

  private static @Nullable MathNode determinant(List<List<MathAnswer>> rows) {
    List<List<MathNode>> nodes = new ArrayList<>();
    for (List<MathAnswer> row : rows) {
      List<MathNode> cells = new ArrayList<>();
      for (MathAnswer cell : row) {
        if (!(cell instanceof Value(var label, MathNode node, var percent, var unit))) {
          return null;
        }
        cells.add(node);
      }
      if (cells.size() != rows.size() || rows.size() > LARGEST_DETERMINANT) {
        return null;
      }
      nodes.add(cells);
    }
    return expanded(nodes);
  }

  /** Laplace's expansion by the first row. */
  private static MathNode expanded(List<List<MathNode>> rows) {
    if (rows.size() == 1) {
      return rows.getFirst().getFirst();
    }
    List<MathNode> terms = new ArrayList<>();
    for (int column = 0; column < rows.size(); column++) {
      List<List<MathNode>> minor = new ArrayList<>();
      for (List<MathNode> row : rows.subList(1, rows.size())) {
        List<MathNode> cells = new ArrayList<>(row);
        cells.remove(column);
        minor.add(cells);
      }
      MathNode term = new MathNode.Product(List.of(rows.getFirst().get(column), expanded(minor)));
      terms.add(column % 2 == 0 ? term : new MathNode.Negated(term));
    }
    return new MathNode.Sum(terms);
  }
}
