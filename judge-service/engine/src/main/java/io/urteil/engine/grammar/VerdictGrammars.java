package io.urteil.engine.grammar;

import static io.urteil.engine.grammar.BytePattern.anyOf;
import static io.urteil.engine.grammar.BytePattern.noneOf;
import static io.urteil.engine.grammar.BytePattern.oneOf;
import static io.urteil.engine.grammar.BytePattern.optional;
import static io.urteil.engine.grammar.BytePattern.repeat;
import static io.urteil.engine.grammar.BytePattern.sequence;
import static io.urteil.engine.grammar.BytePattern.text;
import static io.urteil.engine.grammar.BytePattern.textUntil;
import static io.urteil.engine.grammar.BytePattern.until;

import io.urteil.model.tokenizer.TokenTexts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * The grammars for one vocabulary, by name. The names are those of the matching verdict formats; in
 * addition, {@code boxed} is {@code \boxed{…}} with any content, after a thought, and {@code json}
 * is followed by the {@linkplain JsonFields fields} of an object: {@code json reason=text
 * winner=A|B score=1..10 sure=bool}.
 *
 * <p>A thought is the text before the first {@code </think>}; it needs one character other than
 * white space. {@code <think>} opens it unless the prompt has; after a prompt that has closed it,
 * the text continues after the thought. Up to two blanks or line ends are allowed between elements,
 * if the format's parser accepts them. After the verdict only the end is allowed.
 *
 * <p>Creating a grammar reads the vocabulary once for each state, which takes some milliseconds for
 * a large one; grammars are cached. Thread-safe.
 */
public final class VerdictGrammars {

  /** The prefix of a {@code json} grammar before its fields. */
  public static final String JSON = "json";

  static final String OPEN_THOUGHT = "<think>";
  static final String CLOSE_THOUGHT = "</think>";
  private static final int MOST_SPACE = 2;

  private static final Map<String, BytePattern> PATTERNS = patterns();

  private final SortedTokens tokens;
  private final Map<String, Grammar> made = new ConcurrentHashMap<>();

  public VerdictGrammars(TokenTexts texts) {
    this.tokens = new SortedTokens(texts);
  }

  /** The names without fields. */
  public static List<String> names() {
    return List.copyOf(PATTERNS.keySet());
  }

  /**
   * The grammar of this name.
   *
   * @throws IllegalArgumentException if there is none, or the vocabulary cannot spell it
   */
  public Grammar named(String name) {
    return made.computeIfAbsent(
        name.strip(), known -> new PatternGrammar(known, pattern(known), tokens));
  }

  /** Checks a name without a vocabulary; throws as {@link #named} does for an unknown one. */
  public static void check(String name) {
    pattern(name.strip());
  }

  private static BytePattern pattern(String name) {
    BytePattern known = PATTERNS.get(name);
    if (known != null) {
      return known;
    }
    if (name.startsWith(JSON + " ")) {
      return withThoughtIfAny(JsonFields.object(name.substring(JSON.length())));
    }
    throw new IllegalArgumentException(
        "grammar: '%s' (expected: one of %s, or %s FIELD=TYPE …)"
            .formatted(name, String.join(", ", PATTERNS.keySet()), JSON));
  }

  private static Map<String, BytePattern> patterns() {
    Map<String, BytePattern> patterns = new LinkedHashMap<>();
    patterns.put(
        "think-answer-scores",
        sequence(
            text(OPEN_THOUGHT),
            textUntil(CLOSE_THOUGHT),
            text("<answer>"),
            oneOf("123456789"),
            text(","),
            oneOf("123456789"),
            text("</answer>")));
    patterns.put(
        "judgelrm-scores",
        sequence(
            thought(),
            space(),
            tagged("answer", whole(1, 10)),
            space(),
            tagged("answer", whole(1, 10))));
    patterns.put("judgelrm-score", sequence(thought(), space(), tagged("answer", whole(1, 10))));
    BytePattern verdict = tagged("answer", anyOf("[[A]]", "[[B]]"));
    BytePattern scores =
        sequence(tagged("score_A", whole(0, 10)), space(), tagged("score_B", whole(0, 10)));
    patterns.put("j1-verdict", sequence(thought(), space(), verdict));
    patterns.put("j1-scores", sequence(thought(), space(), scores));
    patterns.put("j1-verdict-scores", sequence(thought(), space(), scores, space(), verdict));
    patterns.put("j1-score", sequence(thought(), space(), tagged("score", tenths(10))));
    patterns.put(
        "boxed-assistant",
        sequence(thought(), until("\\boxed{Assistant 1}", "\\boxed{Assistant 2}")));
    patterns.put("boxed", sequence(thought(), until("\\boxed{"), braced(3), text("}")));
    patterns.put("bracketed", until("[[A]]", "[[B]]"));
    patterns.put("bracketed-tie", until("[[A]]", "[[B]]", "[[C]]"));
    patterns.put("json-verdict", withThoughtIfAny(JsonFields.object("verdict=A|B|tie|abstain")));
    patterns.put("json-score", withThoughtIfAny(JsonFields.object("score=fraction")));
    return Collections.unmodifiableMap(patterns);
  }

  private static BytePattern withThoughtIfAny(BytePattern verdict) {
    return sequence(optional(thought()), space(), verdict);
  }

  private static BytePattern thought() {
    return sequence(space(), text(OPEN_THOUGHT), textUntil(CLOSE_THOUGHT));
  }

  private static BytePattern space() {
    return repeat(oneOf(" \n"), 0, MOST_SPACE);
  }

  private static BytePattern tagged(String tag, BytePattern content) {
    return sequence(text("<" + tag + ">"), space(), content, space(), text("</" + tag + ">"));
  }

  private static BytePattern whole(int from, int to) {
    return anyOf(IntStream.rangeClosed(from, to).mapToObj(i -> text(Integer.toString(i))).toList());
  }

  /** 0 to a number, with at most one decimal digit. */
  private static BytePattern tenths(int to) {
    return anyOf(
        List.of(
            sequence(whole(0, to - 1), optional(sequence(text("."), oneOf("0123456789")))),
            sequence(text(Integer.toString(to)), optional(text(".0")))));
  }

  /** Text with balanced braces, up to this depth. */
  private static BytePattern braced(int depth) {
    BytePattern plain = noneOf("{}");
    BytePattern one =
        depth == 0
            ? plain
            : anyOf(List.of(plain, sequence(text("{"), anything(depth - 1), text("}"))));
    return repeat(one, 1, BytePattern.UNBOUNDED);
  }

  private static BytePattern anything(int depth) {
    return optional(braced(depth));
  }
}
