package io.urteil.judges.answer.math;

import io.urteil.judges.answer.math.MathAnswer.Approximated;
import io.urteil.judges.answer.math.MathAnswer.Ordered;
import io.urteil.judges.answer.math.MathAnswer.RealSet;
import io.urteil.judges.answer.math.MathAnswer.Unordered;
import io.urteil.judges.answer.math.MathAnswer.Value;
import io.urteil.judges.answer.math.MathAnswer.Words;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer: first what it is made of (sets, lists, points, matrices), then each part (a
 * relation, an equation, a value). Linear in the length of the answer for each level of brackets,
 * and bounded by the limits below. What has two readings is {@link Words}.
 */
final class AnswerReader {

  /** Maximum length in characters of an answer that is parsed; longer ones are {@link Words}. */
  static final int MAX_LENGTH = 2000;

  private static final int MAX_ITEMS = 50;
  private static final int MAX_NESTING = 5;

  /** Emphasis and quotes around an answer. */
  private static final Pattern WRAPPING =
      Pattern.compile("\\A[\\s*`\"]+|(?<![\\s*`\"])[\\s*`\"]+\\z");

  private static final Set<String> NAMING =
      Set.of("(", ")", "{", "}", "'", ".", ":", "_", "angle", "triangle", "overline", "and");

  private AnswerReader() {}

  /** Reads an answer; {@link Words} when no other form matches. */
  static MathAnswer read(String answer) {
    if (answer.length() > MAX_LENGTH) {
      return new Words(Wording.plain(answer));
    }
    String bare = WRAPPING.matcher(answer).replaceAll("");
    MathAnswer phrase = Wording.phrase(bare);
    if (phrase != null) {
      return phrase;
    }
    List<MathToken> tokens = MathLexer.tokens(bare);
    MathAnswer read = tokens == null ? null : read(trimmed(tokens), 0);
    return read == null ? new Words(Wording.plain(answer)) : read;
  }

  private static List<MathToken> trimmed(List<MathToken> tokens) {
    List<MathToken> trimmed = new ArrayList<>(tokens);
    int size = tokens.size();
    if (size > 1 && tokens.get(size - 1).is(".") && tokens.get(size - 2).is(".")) {
      // Dots leave open what follows.
      return trimmed;
    }
    while (!trimmed.isEmpty()
        && (trimmed.getLast().is(".") || trimmed.getLast().is(",") || trimmed.getLast().is(";"))) {
      trimmed.removeLast();
    }
    return trimmed;
  }

  /** Reads tokens; null if they are no answer. */
  static @Nullable MathAnswer read(List<MathToken> tokens, int nesting) {
    if (tokens.isEmpty() || nesting > MAX_NESTING) {
      return null;
    }
    if (TokenLists.isWrapped(tokens, "{", "}")) {
      return read(TokenLists.inner(tokens), nesting + 1);
    }
    List<List<MathToken>> rows = Matrices.system(tokens);
    if (rows != null) {
      return list(rows, "and", nesting);
    }
    MathAnswer set = RealSets.operation(tokens, nesting);
    if (set != null) {
      return set;
    }
    if (TokenLists.isWrapped(tokens, "\\{", "\\}")) {
      return set(TokenLists.inner(tokens), nesting);
    }
    if (tokens.size() == 1 && tokens.getFirst().is("emptyset")) {
      return new Unordered(Unordered.Kind.SET, List.of());
    }
    MathAnswer matrix = Matrices.read(tokens, nesting);
    if (matrix != null) {
      return matrix;
    }
    MathAnswer ordered = ordered(tokens, nesting);
    if (ordered != null) {
      return ordered;
    }
    List<List<MathToken>> items = TokenLists.split(tokens, TokenLists::separates);
    if (items.size() > 1) {
      return list(items, connector(tokens), nesting);
    }
    return single(tokens, nesting);
  }

  /** The answers of all parts; null if one is none, or if there are too many. */
  static @Nullable List<MathAnswer> readAll(List<List<MathToken>> items, int nesting) {
    if (items.size() > MAX_ITEMS) {
      return null;
    }
    List<MathAnswer> read = new ArrayList<>();
    for (List<MathToken> item : items) {
      MathAnswer answer = read(item, nesting + 1);
      if (answer == null) {
        return null;
      }
      read.add(answer);
    }
    return read;
  }

  /** The word that joins the items; a comma if there is none, nothing if there are both. */
  private static String connector(List<MathToken> tokens) {
    boolean or = TokenLists.split(tokens, "or").size() > 1;
    boolean and = TokenLists.split(tokens, "and").size() > 1;
    return or && and ? "" : or ? "or" : and ? "and" : ",";
  }

  private static @Nullable MathAnswer list(
      List<List<MathToken>> parts, String connector, int nesting) {
    List<List<MathToken>> items = parts.stream().filter(item -> !item.isEmpty()).toList();
    List<MathAnswer> read = readAll(items, nesting);
    if (read == null || read.isEmpty()) {
      return null;
    }
    MathAnswer joined = RealSets.joined(read, connector);
    return joined != null ? joined : flat(Unordered.Kind.SET, read);
  }

  static Unordered flat(Unordered.Kind kind, List<MathAnswer> items) {
    List<MathAnswer> flat = new ArrayList<>();
    for (MathAnswer item : items) {
      if (item instanceof Unordered(Unordered.Kind inner, List<MathAnswer> within)
          && inner == kind) {
        flat.addAll(within);
      } else {
        flat.add(item);
      }
    }
    return new Unordered(kind, flat);
  }

  /** A set of elements, or a condition behind a bar: {@code \{x \mid x > 1\}}. */
  private static @Nullable MathAnswer set(List<MathToken> tokens, int nesting) {
    List<List<MathToken>> builder =
        TokenLists.split(tokens, token -> token.is("|") || token.is("mid") || token.is(":"));
    if (builder.size() == 2 && !builder.getFirst().isEmpty()) {
      MathAnswer condition = read(builder.getLast(), nesting + 1);
      if (condition instanceof RealSet(String name, Region region)) {
        return new RealSet(null, region);
      }
    }
    List<List<MathToken>> items = TokenLists.split(tokens, TokenLists::separates);
    boolean empty = items.size() == 1 && items.getFirst().isEmpty();
    List<MathAnswer> read = empty ? List.of() : readAll(items, nesting);
    return read == null ? null : flat(Unordered.Kind.SET, read);
  }

  private static @Nullable MathAnswer ordered(List<MathToken> tokens, int nesting) {
    List<MathToken> bracketed = isPoint(tokens) ? tokens.subList(1, tokens.size()) : tokens;
    if (Matrices.isTransposed(bracketed)) {
      bracketed = Matrices.withoutTranspose(bracketed);
    }
    MathToken open = bracketed.getFirst();
    MathToken close = bracketed.getLast();
    boolean angled = open.is("langle") && close.is("rangle");
    boolean round = open.is("(") || open.is("[");
    boolean wrapped = angled || (round && (close.is(")") || close.is("]")));
    if (!wrapped || bracketed.size() < 3 || !TokenLists.closesAtEnd(bracketed)) {
      return null;
    }
    List<List<MathToken>> items =
        TokenLists.split(TokenLists.inner(bracketed), token -> token.is(",") || token.is(";"));
    List<MathAnswer> read = items.size() < 2 ? null : readAll(items, nesting);
    return read == null
        ? null
        : new Ordered(angled ? "(" : open.text(), read, angled ? ")" : close.text());
  }

  /** A point with its name, such as {@code P(1,2)}. */
  private static boolean isPoint(List<MathToken> tokens) {
    return tokens.size() > 4
        && tokens.getFirst().isLetter()
        && tokens.getFirst().text().matches("[A-EI-Z]")
        && TokenLists.isWrapped(tokens.subList(1, tokens.size()), "(", ")");
  }

  private static @Nullable MathAnswer single(List<MathToken> tokens, int nesting) {
    List<List<MathToken>> approximations = TokenLists.split(tokens, "approx");
    if (approximations.size() > 1) {
      return approximated(approximations, nesting);
    }
    List<List<MathToken>> member = TokenLists.split(tokens, "in");
    if (member.size() == 2 && !member.getLast().isEmpty()) {
      return !isName(member.getFirst()) ? null : read(member.getLast(), nesting + 1);
    }
    MathAnswer relation = Relations.read(tokens);
    if (relation != null) {
      return relation;
    }
    List<List<MathToken>> sides = TokenLists.split(tokens, "=");
    if (sides.size() == 2) {
      return equation(sides.getFirst(), sides.getLast(), nesting);
    }
    if (sides.size() > 2) {
      boolean values =
          sides.subList(0, sides.size() - 1).stream()
              .allMatch(side -> isName(side) || isWording(side) || MathParser.parse(side) != null);
      return values ? read(sides.getLast(), nesting + 1) : null;
    }
    return Values.read(tokens);
  }

  /** What stands before the sign is the answer, unless that is only its name. */
  private static @Nullable MathAnswer approximated(List<List<MathToken>> parts, int nesting) {
    List<MathToken> first = parts.getFirst();
    MathAnswer last = read(parts.getLast(), nesting + 1);
    if (first.isEmpty()) {
      return parts.size() == 2 ? last : null;
    }
    Label label = Label.of(first);
    if (label != null || isWording(first)) {
      return parts.size() > 2 || last == null ? null : named(last, label);
    }
    MathAnswer exact = read(first, nesting + 1);
    return exact == null || last == null ? null : new Approximated(exact, last);
  }

  private static @Nullable MathAnswer equation(
      List<MathToken> left, List<MathToken> right, int nesting) {
    if (left.isEmpty()) {
      return read(right, nesting + 1);
    }
    MathAnswer named = labelled(left, right, nesting);
    if (named == null) {
      named = labelled(right, left, nesting);
    }
    if (named != null) {
      return named;
    }
    MathNode leftNode = MathParser.parse(left);
    MathNode rightNode = MathParser.parse(right);
    if (leftNode != null && rightNode != null) {
      return isOneNumber(leftNode, rightNode)
          ? Value.of(rightNode)
          : new MathAnswer.Relation(leftNode, "=", rightNode);
    }
    return isWording(left) ? read(right, nesting + 1) : null;
  }

  /** Whether both sides are the same number, as in {@code 3! = 6}. */
  private static boolean isOneNumber(MathNode left, MathNode right) {
    Region.Bound one = Affine.bound(left);
    Region.Bound other = Affine.bound(right);
    return one != null
        && other != null
        && one.isFinite()
        && other.isFinite()
        && Math.abs(one.value() - other.value()) <= 1e-12 * Math.abs(other.value());
  }

  /** A name or a tuple of names. */
  private static boolean isName(List<MathToken> tokens) {
    List<MathToken> names =
        TokenLists.isWrapped(tokens, "(", ")") ? TokenLists.inner(tokens) : tokens;
    return TokenLists.split(names, ",").stream().allMatch(name -> Label.of(name) != null);
  }

  /** Words that name a value, such as {@code \text{Area of } \triangle ABC}; no operator. */
  private static boolean isWording(List<MathToken> tokens) {
    boolean words = tokens.stream().anyMatch(MathToken::isWord) && Values.leaves(tokens);
    for (int i = 0; i < tokens.size() && words; i++) {
      MathToken token = tokens.get(i);
      boolean subscript = i > 0 && (tokens.get(i - 1).is("_") || tokens.get(i - 1).is("{"));
      words =
          token.isWord()
              || token.isLetter()
              || (token.isWhole() && subscript)
              || (token.isSymbol() && NAMING.contains(token.text()));
    }
    return words;
  }

  /** A value with its name, or a tuple of values with a tuple of names; null for anything else. */
  private static @Nullable MathAnswer labelled(
      List<MathToken> left, List<MathToken> right, int nesting) {
    Label label = Label.of(left);
    if (label != null) {
      MathAnswer value = read(right, nesting + 1);
      return value == null || mentions(value, label) ? null : named(value, label);
    }
    if (!TokenLists.isWrapped(left, "(", ")")) {
      return null;
    }
    List<Label> labels = new ArrayList<>();
    for (List<MathToken> name : TokenLists.split(TokenLists.inner(left), ",")) {
      Label one = Label.of(name);
      if (one == null) {
        return null;
      }
      labels.add(one);
    }
    MathAnswer values = labels.size() < 2 ? null : read(right, nesting + 1);
    if (!(values instanceof Ordered(String open, List<MathAnswer> items, String close))
        || items.size() != labels.size()) {
      return null;
    }
    List<MathAnswer> named = new ArrayList<>();
    for (int i = 0; i < labels.size(); i++) {
      named.add(named(items.get(i), labels.get(i)));
    }
    return new Ordered(open, named, close);
  }

  private static boolean mentions(MathAnswer answer, Label label) {
    Set<String> names = new HashSet<>();
    if (answer instanceof Value value) {
      MathNode.names(value.node(), names);
    }
    return names.contains(label.text());
  }

  private static MathAnswer named(MathAnswer answer, @Nullable Label label) {
    return switch (answer) {
      case Value value -> value.named(label);
      case Approximated(MathAnswer exact, MathAnswer approximation) ->
          new Approximated(named(exact, label), named(approximation, label));
      default -> answer;
    };
  }
}
