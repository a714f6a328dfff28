package io.urteil.engine.grammar;

import io.urteil.model.tokenizer.TokenTexts;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A vocabulary of printable ASCII and the line end, some longer tokens, and three specials. */
public final class LetterVocabulary {

  public static final int PAD = 0;
  public static final int END = 1;

  private static final List<String> LONGER =
      List.of(
          "<think>",
          "</think>",
          "</think",
          "</think>\n\n",
          "</think>x",
          "<answer>",
          "</answer>",
          "<an",
          "</",
          "[[",
          "]]",
          "[[A]]",
          "[[B",
          "\\boxed{",
          "\\boxed{Assistant 2}",
          "Assistant",
          " 1",
          "10",
          "score",
          "{\"",
          "\":",
          " the",
          " sum of",
          "><",
          "k>");

  private static final List<String> TEXTS = texts();

  public static final TokenTexts VOCABULARY = TokenTexts.of(TEXTS);

  private LetterVocabulary() {}

  /** How many tokens there are. */
  public static int size() {
    return TEXTS.size();
  }

  /** The token that writes this. */
  public static int id(String text) {
    int id = TEXTS.lastIndexOf(text);
    if (id < 0) {
      throw new IllegalArgumentException("no token '%s'".formatted(text));
    }
    return id;
  }

  /** One token a character. */
  public static int[] spell(String text) {
    return text.chars().map(c -> id(Character.toString(c))).toArray();
  }

  private static List<String> texts() {
    List<String> texts = new ArrayList<>(List.of("", "", ""));
    texts.add("\n");
    IntStream.rangeClosed(' ', '~').forEach(c -> texts.add(Character.toString(c)));
    texts.addAll(LONGER);
    return List.copyOf(texts);
  }
}
