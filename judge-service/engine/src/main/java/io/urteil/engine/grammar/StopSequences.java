package io.urteil.engine.grammar;

import io.urteil.model.tokenizer.TokenTexts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Texts that end a completion as soon as one occurs, at any token boundary. The token that
 * completes the text is the completion's last token; the text of the completion ends before the
 * stop text ({@link #before}). Immutable, thread-safe.
 */
public final class StopSequences {

  /** The state at the start of a completion. */
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

  /** The state after a token; {@link #isStop} returns whether it is the end. */
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

  /** The stop text that was completed in a final state. */
  public String text(int place) {
    return texts.get(closes.text(place));
  }

  /** The text before the first stop text; the whole text if it contains none. */
  public static String before(String stop, String text) {
    int start = stop.isEmpty() ? -1 : text.indexOf(stop);
    return start < 0 ? text : text.substring(0, start);
  }
}
