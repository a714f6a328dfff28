package io.urteil.cli.judging;

import io.urteil.engine.grammar.VerdictGrammars;
import io.urteil.local.runfile.RunFileChanges;
import io.urteil.run.RunFile;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgePanel.Read;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options that state how a verdict is obtained from a language model. An option that is not
 * given leaves a judge of a run file as it is.
 */
final class PanelOptions {

  private static final long SEED = 1;

  @Option(
      names = "--read",
      paramLabel = "SOURCE",
      description =
          "Source of the verdict: text, probabilities or probabilities-in-text (default: that of"
              + " the run file, else of the judge prompt).")
  private @Nullable String read;

  @Option(
      names = "--votes",
      paramLabel = "N",
      description =
          "Samples of each verdict; the judge aggregates them, by default to the majority. Several"
              + " need a temperature above 0, which is then 1 by default (default: that of the run"
              + " file, else 1).")
  private @Nullable Integer votes;

  @Option(
      names = "--max-tokens",
      paramLabel = "N",
      description =
          "Maximum tokens of the judge's response (default: that of the run file, else of the judge"
              + " prompt).")
  private @Nullable Integer maxTokens;

  @Option(
      names = "--temperature",
      paramLabel = "T",
      description =
          "Sampling temperature; 0 is greedy (default: that of the run file, else 0 for one vote, 1"
              + " for several).")
  private @Nullable Double temperature;

  @Option(
      names = "--grammar",
      paramLabel = "NAME",
      description =
          "Constrain the judge's response to this format, or with auto to that of the judge prompt;"
              + " only for a model in this process (default: that of the run file, else none).")
  private @Nullable String grammar;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of the judge's sampling (default: that of the run file, else 1), and of all other"
              + " random numbers of the command (default: 1).")
  private @Nullable Long seed;

  /** The seed of random numbers outside the judge. */
  long seed() {
    return seed == null ? SEED : seed;
  }

  /** A copy of a judge without a run file, which samples with the default seed. */
  EvaluatedJudge seeded(EvaluatedJudge judge) {
    return seed == null ? judge.withSeed(SEED) : judge;
  }

  /**
   * The judge with the options that are given, where the judge asks a language model.
   *
   * @throws IllegalArgumentException if the value of an option is invalid, or the judge has no such
   *     property
   */
  EvaluatedJudge applyTo(EvaluatedJudge judge) {
    Optional<Map.Entry<String, Object>> first = given().entrySet().stream().findFirst();
    if (first.isEmpty()) {
      return judge;
    }
    JudgeSection section = judge.section();
    if (!(section instanceof ModelJudge asked) || !isAsked(section)) {
      if (seed != null && given().size() == 1) {
        return judge;
      }
      throw new IllegalArgumentException(
          "%s: %s (expected: a judge that asks a language model; '%s' is of type %s)"
              .formatted(
                  first.get().getKey(), first.get().getValue(), judge.name(), section.type()));
    }
    if (grammar != null
        && asked.models().stream().anyMatch(JudgePanel.Model.Remote.class::isInstance)) {
      throw new IllegalArgumentException(
          "--grammar: '%s' (expected: a judge with a model in this process; '%s' asks a server)"
              .formatted(grammar, judge.name()));
    }
    return judge.withSection(asked.withPanel(this::complete));
  }

  /**
   * A copy of the run file whose judges and shadow judges of language models have the options that
   * are given.
   *
   * @throws IllegalArgumentException if the value of an option is invalid, or the run file has no
   *     such judge
   */
  RunFile applyTo(RunFile run) {
    if (given().isEmpty()) {
      return run;
    }
    RunFile changed =
        RunFileChanges.withJudges(
            run,
            (name, judge) ->
                isAsked(judge) ? applyTo(new EvaluatedJudge(name, judge, null)).section() : judge);
    if (run.judges().values().stream().noneMatch(PanelOptions::isAsked)
        && run.shadows().values().stream().noneMatch(shadow -> isAsked(shadow.judge()))) {
      run.judges().forEach((name, judge) -> applyTo(new EvaluatedJudge(name, judge, null)));
    }
    return changed;
  }

  private static boolean isAsked(JudgeSection judge) {
    return judge instanceof ModelJudge && !(judge instanceof ModelJudge.Scalar);
  }

  /** The given options of a panel; the seed, which other judges ignore, is the last. */
  Map<String, Object> given() {
    Map<String, Object> given = new LinkedHashMap<>();
    putIfGiven(given, "--read", read);
    putIfGiven(given, "--votes", votes);
    putIfGiven(given, "--max-tokens", maxTokens);
    putIfGiven(given, "--temperature", temperature);
    putIfGiven(given, "--grammar", grammar);
    putIfGiven(given, "--seed", seed);
    return given;
  }

  static void putIfGiven(Map<String, Object> given, String name, @Nullable Object value) {
    if (value != null) {
      given.put(name, value);
    }
  }

  private JudgePanel complete(JudgePanel panel) {
    JudgePanel changed = panel;
    if (read != null) {
      changed = changed.withRead(source(read));
    }
    if (maxTokens != null) {
      requireAtLeastOne("--max-tokens", maxTokens);
      changed = changed.withMaxTokens(maxTokens);
    }
    if (grammar != null) {
      if (!grammar.equals(JudgePanel.AUTO)) {
        VerdictGrammars.check(grammar);
      }
      if (changed.read() == Read.PROBABILITIES) {
        throw new IllegalArgumentException(
            "--grammar: '%s' (expected: none with --read probabilities, which generates no text)"
                .formatted(grammar));
      }
      changed = changed.withGrammar(grammar);
    }
    if (votes != null) {
      requireAtLeastOne("--votes", votes);
      changed = changed.withVotes(votes);
    }
    if (seed != null) {
      changed = changed.withSeed(seed);
    }
    changed = changed.withTemperature(temperature(changed));
    requireSampledVotes(changed);
    return changed;
  }

  private double temperature(JudgePanel panel) {
    if (temperature == null) {
      return panel.votes() > 1 && panel.temperature() == 0 ? 1 : panel.temperature();
    }
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "--temperature: %s (expected: a number of at least 0)".formatted(temperature));
    }
    return temperature;
  }

  private static void requireSampledVotes(JudgePanel panel) {
    if (panel.votes() == 1) {
      return;
    }
    if (panel.read() == Read.PROBABILITIES) {
      throw new IllegalArgumentException(
          "--votes: %d (expected: 1 with --read probabilities, which reads the prompt once)"
              .formatted(panel.votes()));
    }
    if (panel.temperature() == 0) {
      throw new IllegalArgumentException(
          "--temperature: 0 (expected: above 0 for %d votes, which are sampled)"
              .formatted(panel.votes()));
    }
  }

  private static void requireAtLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(
          "%s: %d (expected: a whole number of at least 1)".formatted(name, value));
    }
  }

  private static Read source(String read) {
    for (Read known : Read.values()) {
      if (known.name().replace('_', '-').toLowerCase(Locale.ROOT).equals(read)) {
        return known;
      }
    }
    throw new IllegalArgumentException(
        "--read: '%s' (expected: text, probabilities or probabilities-in-text)".formatted(read));
  }
}
