package io.urteil.local.view;

import java.nio.charset.Charset;
import java.util.Map;

/**
 * The capabilities of a terminal.
 *
 * @param width columns, at least 20
 * @param colour whether to use ANSI colours
 * @param unicode whether the character set has block characters
 */
public record TerminalStyle(int width, boolean colour, boolean unicode) {

  private static final int MIN_WIDTH = 20;
  private static final int DEFAULT_WIDTH = 80;

  public TerminalStyle {
    width = Math.max(width, MIN_WIDTH);
  }

  /** The terminal of this process. */
  public static TerminalStyle ofProcess() {
    return of(System.getenv(), System.out.charset());
  }

  /**
   * Reads {@code URTEIL_TERMINAL_WIDTH} (set by ops/urteil), {@code COLUMNS} and {@code NO_COLOR}.
   */
  static TerminalStyle of(Map<String, String> environment, Charset charset) {
    String width =
        environment.getOrDefault("URTEIL_TERMINAL_WIDTH", environment.getOrDefault("COLUMNS", ""));
    return new TerminalStyle(
        width.matches("\\d{1,4}") ? Integer.parseInt(width) : DEFAULT_WIDTH,
        environment.getOrDefault("NO_COLOR", "").isEmpty(),
        charset.newEncoder().canEncode('█'));
  }
}
