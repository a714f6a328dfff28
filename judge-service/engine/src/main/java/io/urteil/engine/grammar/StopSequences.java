package io.urteil.engine.grammar;

import io.urteil.model.tokenizer.TokenTexts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts that end a completion as soon as one has been written, wherever the borders of its tokens
 * lie. The token that completes the text is the completion's last, and counts as drawn; what the
 * completion says is the text before the stop ({@link #before}). Immutable, safe for any thread.
 */
public final class StopSequences {

  /** Where a completion starts. */
  public static final int START = 0;

  private final TokenTexts vocabulary;
  private final List<String> texts;
  private final ByteTextFinder closes;

  /**
   * @throws IllegalArgumentException if there is none, or an empty one
   */
  public StopSequences(List<String> texts, TokenTexts vocabulary) {
    this.vocabulary = vocabulary;
    this.texts = List.copyOf(texts);
    if (texts.isEmpty() || texts.contains("")) {
      throw new IllegalArgumentException("stop: %s (expected: texts, none empty)".formatted(texts));
    }
    List<List<Integer>> bytes = new ArrayList<>();
    for (String text : texts) {
      List<Integer> values = new ArrayList<>();
      for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
        values.add(value & 0xff);
      }
      bytes.add(values);
    }
    this.closes = new ByteTextFinder(bytes);
  }

  public List<String> texts() {
    return texts;
  }

  /** The place behind a token; {@link #isStop} says whether it is the end. */
  public int after(int place, int token) {
    int node = place;
    int length = vocabulary.length(token);
    for (int i = 0; i < length; i++) {
      node = closes.next(node, vocabulary.at(token, i));
      if (closes.isEnd(node)) {
        return node;
      }
    }
    return node;
  }

  public boolean isStop(int place) {
    return closes.isEnd(place);
  }

  /** The text that was completed at a place that is a stop. */
  public String text(int place) {
    return texts.get(closes.text(place));
  }

  /** What stands before the first stop text; the whole text if there is none in it. */
  public static String before(String stop, String text) {
    int start = stop.isEmpty() ? -1 : text.indexOf(stop);
    return start < 0 ? text : text.substring(0, start);
  }
}
