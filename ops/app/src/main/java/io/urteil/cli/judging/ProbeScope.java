package io.urteil.cli.judging;

import io.urteil.evaluation.probe.ProbeCase;
import io.urteil.prompt.attack.Attack;
import io.urteil.prompt.attack.Attacks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which attacks a probe makes, and on which questions. */
final class ProbeScope {

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "Only attacks of this kind: verdict, break-out, master-key, persuasion, disguise, size or"
              + " rule (default: all).")
  private @Nullable String kind;

  @Option(
      names = "--cases",
      paramLabel = "FILE",
      description =
          "Questions that the judge is asked, as pairs of JSON lines like those of urteil evaluate"
              + " pairs; attacks ride on the worse answer (default: six easy ones).")
  private @Nullable Path casesFile;

  @Option(
      names = "--most-cases",
      paramLabel = "N",
      defaultValue = "20",
      description = "How many of --cases, from the first (default: ${DEFAULT-VALUE}).")
  private int mostCases;

  List<ProbeCase> cases() throws IOException {
    if (mostCases < 1) {
      throw new IllegalArgumentException(
          "--most-cases: %d (expected: at least 1)".formatted(mostCases));
    }
    return casesFile == null ? ProbeCase.all() : ProbeCase.read(casesFile, mostCases);
  }

  List<Attack> attacks() {
    List<Attack> attacks =
        Attacks.all().stream()
            .filter(attack -> kind == null || attack.kind().equals(kind))
            .toList();
    if (attacks.isEmpty()) {
      throw new IllegalArgumentException(
          "--kind: '%s' (expected: one of %s)"
              .formatted(
                  kind,
                  String.join(", ", Attacks.all().stream().map(Attack::kind).distinct().toList())));
    }
    return attacks;
  }
}
