package io.urteil.engine.grammar;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/** A set of byte strings, built from parts. */
sealed interface BytePattern {

  /** Exactly these bytes. */
  record Text(List<Integer> bytes) implements BytePattern {}

  /** One byte of a set. */
  record OneByte(BitSet bytes) implements BytePattern {}

  /** All in sequence. */
  record Sequence(List<BytePattern> parts) implements BytePattern {}

  /** One of several. */
  record AnyOf(List<BytePattern> choices) implements BytePattern {}

  /**
   * A repetition.
   *
   * @param most or {@link #UNBOUNDED}
   */
  record Repeat(BytePattern part, int least, int most) implements BytePattern {}

  /**
   * Any text up to and including the first occurrence of a closing text.
   *
   * @param needsText whether a character other than white space must precede the closing text
   */
  record Until(List<List<Integer>> closes, boolean needsText) implements BytePattern {}

  int UNBOUNDED = -1;

  static BytePattern text(String text) {
    return new Text(bytes(text));
  }

  static BytePattern oneOf(String ascii) {
    BitSet set = new BitSet();
    ascii.chars().forEach(set::set);
    return new OneByte(set);
  }

  static BytePattern noneOf(String ascii) {
    BitSet set = new BitSet();
    set.set(0, 256);
    ascii.chars().forEach(set::clear);
    return new OneByte(set);
  }

  static BytePattern sequence(BytePattern... parts) {
    return new Sequence(List.of(parts));
  }

  static BytePattern anyOf(List<BytePattern> choices) {
    return new AnyOf(List.copyOf(choices));
  }

  static BytePattern anyOf(String... choices) {
    return anyOf(Arrays.stream(choices).map(BytePattern::text).toList());
  }

  static BytePattern optional(BytePattern part) {
    return new Repeat(part, 0, 1);
  }

  static BytePattern repeat(BytePattern part, int least, int most) {
    return new Repeat(part, least, most);
  }

  static BytePattern until(String... closes) {
    return new Until(Arrays.stream(closes).map(BytePattern::bytes).toList(), false);
  }

  static BytePattern textUntil(String close) {
    return new Until(List.of(bytes(close)), true);
  }

  private static List<Integer> bytes(String text) {
    byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
    return IntStream.range(0, encoded.length).mapToObj(i -> encoded[i] & 0xff).toList();
  }
}
