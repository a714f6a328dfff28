package io.urteil.cli.audit;

import io.urteil.deadletter.DeadLetterFilter;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that select dead letters. */
final class DeadLetterFilterOptions {

  private static final Pattern AGO = Pattern.compile("(\\d+)(s|m|h|d)");

  @Option(names = "--run", paramLabel = "RUN", description = "Only dead letters of this run.")
  private @Nullable String run;

  @Option(
      names = "--cause",
      paramLabel = "CAUSE",
      description = "Only dead letters with this cause, such as unknown-run.")
  private @Nullable String cause;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Only dead letters about records of this topic, such as rollouts.")
  private @Nullable String topic;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description =
          "Only dead letters since then: a time such as 2026-01-31T10:00:00Z, or 30m, 2h, 1d ago.")
  private @Nullable String since;

  @Option(names = "--until", paramLabel = "TIME", description = "Only dead letters before then.")
  private @Nullable String until;

  DeadLetterFilter filter() {
    return new DeadLetterFilter(run, cause, topic, time("--since", since), time("--until", until));
  }

  private static @Nullable Instant time(String option, @Nullable String text) {
    if (text == null) {
      return null;
    }
    Matcher ago = AGO.matcher(text);
    if (ago.matches()) {
      long amount = Long.parseLong(ago.group(1));
      return Instant.now()
          .minus(
              switch (ago.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                case "h" -> Duration.ofHours(amount);
                default -> Duration.ofDays(amount);
              });
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "%s: '%s' (expected: a time such as 2026-01-31T10:00:00Z, or 30m, 2h, 1d)"
              .formatted(option, text),
          e);
    }
  }
}
