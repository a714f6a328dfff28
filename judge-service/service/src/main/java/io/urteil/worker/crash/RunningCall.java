package io.urteil.worker.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.urteil.event.RecordPosition;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * A line of a journal: a call of a judge that was running.
 *
 * @param state whether other calls were running
 * @param component of the call
 * @param judge run and name of the judge
 */
record RunningCall(
    State state, String component, RecordPosition position, long timestamp, String judge) {

  /** What was running beside the call. */
  enum State {
    /** Other calls, too. */
    BESIDE,
    /** No other call. */
    ALONE,
    /** It called {@code System.exit}. */
    EXIT
  }

  /** Length of a line, with its line break: a topic's name is at most 249 bytes. */
  static final int LINE_BYTES = 512;

  /** A line without a call. Duplicate it before use. */
  static final ByteBuffer EMPTY_LINE = ByteBuffer.wrap(padded(new byte[0], 0)).asReadOnlyBuffer();

  /** Ends the name of a judge that does not fit into the line. */
  static final String CUT = "…";

  private static final int CUT_BYTES = CUT.getBytes(UTF_8).length;

  /** The line, without line break: what identifies the record first, the judge last. */
  String line() {
    return identity() + judge.replaceAll("\\p{Cntrl}", "?");
  }

  private String identity() {
    return "%s %s %s %d %d %d "
        .formatted(
            state.name().toLowerCase(Locale.ROOT),
            component,
            position.topic(),
            position.partition(),
            position.offset(),
            timestamp);
  }

  /**
   * The line as {@link #LINE_BYTES} bytes. A judge's name that does not fit is cut between two
   * characters and ends with {@link #CUT}.
   *
   * @return empty if component and position do not fit
   */
  Optional<ByteBuffer> bytes() {
    byte[] text = line().getBytes(UTF_8);
    if (text.length < LINE_BYTES) {
      return Optional.of(ByteBuffer.wrap(padded(text, text.length)));
    }
    int end = LINE_BYTES - 1 - CUT_BYTES;
    while (isContinuation(text[end])) {
      end--;
    }
    if (end < identity().getBytes(UTF_8).length) {
      return Optional.empty();
    }
    byte[] cut = padded(text, end);
    System.arraycopy(CUT.getBytes(UTF_8), 0, cut, end, CUT_BYTES);
    return Optional.of(ByteBuffer.wrap(cut));
  }

  private static boolean isContinuation(byte one) {
    return (one & 0xC0) == 0x80;
  }

  private static byte[] padded(byte[] text, int length) {
    byte[] line = new byte[LINE_BYTES];
    Arrays.fill(line, (byte) ' ');
    System.arraycopy(text, 0, line, 0, length);
    line[LINE_BYTES - 1] = '\n';
    return line;
  }

  /** The call of this line; empty for an empty or incomplete one. */
  static Optional<RunningCall> parse(String line) {
    String[] words = line.strip().split(" ", 7);
    if (words.length < 7) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new RunningCall(
              State.valueOf(words[0].toUpperCase(Locale.ROOT)),
              words[1],
              new RecordPosition(words[2], Integer.parseInt(words[3]), Long.parseLong(words[4])),
              Long.parseLong(words[5]),
              words[6]));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
