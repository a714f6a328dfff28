package io.urteil.cli.judging;

import io.urteil.evaluation.probe.ProbeCase;
import io.urteil.prompt.attack.Attack;
import io.urteil.prompt.attack.Attacks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that select the attacks and the questions of a probe. */
final class ProbeScope {

  private static final int CASES = 20;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description =
          "Only attacks of this kind: verdict, break-out, heading, master-key, persuasion, disguise, size or"
              + " rule (default: all).")
  private @Nullable String kind;

  @Option(
      names = "--cases",
      paramLabel = "FILE",
      description =
          "Questions for the judge, as JSON lines in the format of urteil evaluate pairs; each"
              + " attack is appended to the worse answer; without --limit the first 20 (default: six easy"
              + " questions).")
  private @Nullable Path casesFile;

  @Mixin private LimitOption limit = new LimitOption();

  /**
   * Requires that no option selects attacks or questions, because a search edits answers of its
   * own.
   */
  void requireNone() {
    if (kind != null) {
      throw new IllegalArgumentException(
          "--kind: '%s' with --search (expected: without it; a search makes its own attacks)"
              .formatted(kind));
    }
    if (casesFile != null) {
      throw new IllegalArgumentException(
          "--cases: '%s' with --search (expected: without it; a search edits its own answers)"
              .formatted(casesFile));
    }
  }

  List<ProbeCase> cases() throws IOException {
    Integer items = limit.items();
    if (casesFile != null) {
      return ProbeCase.read(casesFile, items == null ? CASES : items);
    }
    List<ProbeCase> all = ProbeCase.all();
    return items == null ? all : all.subList(0, Math.min(items, all.size()));
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
