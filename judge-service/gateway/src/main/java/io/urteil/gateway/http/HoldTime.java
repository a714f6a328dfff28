package io.urteil.gateway.http;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How long a request is held open for an outcome: the preference {@code wait} of RFC 7240. */
public final class HoldTime {

  /** Without a preference. */
  public static final Duration DEFAULT = Duration.ofSeconds(30);

  /** The longest. */
  public static final Duration LONGEST = Duration.ofMinutes(10);

  private static final Pattern WAIT =
      Pattern.compile("(?:^|[,;])\\s*wait\\s*=\\s*\"?(\\d{1,9})\"?\\s*(?:$|[,;])");

  private HoldTime() {}

  /** The time that a {@code Prefer} header asks for, in whole seconds, at most ten minutes. */
  public static Duration of(@Nullable String prefer) {
    return of(prefer, DEFAULT, LONGEST);
  }

  /** The time that a {@code Prefer} header asks for, in whole seconds, with other limits. */
  static Duration of(@Nullable String prefer, Duration standard, Duration longest) {
    if (prefer == null) {
      return standard;
    }
    Matcher wait = WAIT.matcher(prefer.toLowerCase(Locale.ROOT));
    if (!wait.find()) {
      return standard;
    }
    Duration asked = Duration.ofSeconds(Long.parseLong(wait.group(1)));
    return asked.compareTo(longest) > 0 ? longest : asked;
  }
}
