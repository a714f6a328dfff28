package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.grammar.VerdictGrammars;
import io.urteil.order.CandidateOrders;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgePanel.Read;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * The options of every command that asks a model for verdicts: the model with its prompt, and how a
 * verdict is obtained. An option that is not given leaves a judge of a run file as it is.
 */
public final class VerdictOptions {

  private static final long SEED = 1;

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      description =
          "Model of the judge: a Hugging Face model directory, or a name on the hub, which is"
              + " downloaded once. In evaluate it may be repeated, for several judges.")
  private List<Path> models = new ArrayList<>();

  @Option(
      names = "--prompt",
      paramLabel = "NAME|FILE",
      description =
          "Judge prompt of --model, by name or file (default: judge-prompt.yaml in the model"
              + " directory; none for a reward model).")
  private @Nullable String prompt;

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
      names = "--weights",
      paramLabel = "PRECISION",
      description =
          "Precision of the weights: f32 or int8 (default: that of the run file, else f32).")
  private @Nullable WeightPrecision weights;

  @Option(
      names = "--orders",
      paramLabel = "WHICH",
      description =
          "Orders in which candidates are presented: given, swapped, both or random (default: both;"
              + " in evaluate those of the benchmark, or of the recorded verdicts).")
  private @Nullable CandidateOrders orders;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of the judge's sampling (default: that of the run file, else 1), and of all other"
              + " random numbers of the command (default: 1).")
  private @Nullable Long seed;

  /**
   * The directory of the model; null without {@code --model}.
   *
   * @throws IllegalArgumentException for several models
   */
  @Nullable Path directory(NamedModels named) throws IOException {
    Path model = model();
    return model == null ? null : named.directory("--model", model);
  }

  /** The directories of all models, in their order; empty without {@code --model}. */
  List<Path> directories(NamedModels named) throws IOException {
    List<Path> directories = new ArrayList<>();
    for (Path model : models) {
      directories.add(named.directory("--model", model));
    }
    return directories;
  }

  /** The directory of the model of a command that needs one. */
  public Path requireDirectory(NamedModels named) throws IOException {
    Path model = model();
    if (model == null) {
      throw new IllegalArgumentException(
          "--model: missing (expected: a model directory, or a name on the hub)");
    }
    return named.directory("--model", model);
  }

  boolean isModelOrPromptGiven() {
    return !models.isEmpty() || prompt != null;
  }

  private @Nullable Path model() {
    if (models.size() > 1) {
      throw new IllegalArgumentException("--model: %s (expected: one)".formatted(join(models)));
    }
    return models.isEmpty() ? null : models.getFirst();
  }

  /** The values of an option in an error message. */
  static String join(List<?> values) {
    return values.stream().map(value -> "'" + value + "'").collect(Collectors.joining(", "));
  }

  /**
   * @param option the option that excludes all others
   */
  void requireOnlyOrdersAndSeed(String option) {
    Map<String, Object> given = new LinkedHashMap<>();
    putIfGiven(given, "--model", models.isEmpty() ? null : models.getFirst());
    putIfGiven(given, "--prompt", prompt);
    putIfGiven(given, "--weights", weights);
    given.putAll(given());
    given.remove("--seed");
    given.forEach(
        (name, value) -> {
          throw new IllegalArgumentException(
              "%s: %s (expected: without %s)".formatted(name, value, option));
        });
  }

  /** The judge prompt; null for that of the model. */
  @Nullable String prompt() {
    return prompt;
  }

  /** The orders to present; null for the default of the command. */
  public @Nullable CandidateOrders orders() {
    return orders;
  }

  /** The precision of the weights; null for the default. */
  public @Nullable WeightPrecision weights() {
    return weights;
  }

  /** The seed of random numbers outside the judge. */
  long seed() {
    return seed == null ? SEED : seed;
  }

  /**
   * A judge of the model in this directory, with these options.
   *
   * @throws IllegalArgumentException if the value of an option is invalid
   */
  public EvaluatedJudge judge(Path directory) throws IOException {
    EvaluatedJudge judge = EvaluatedJudge.ofModel(directory, prompt);
    return applyTo(seed == null ? judge.withSeed(SEED) : judge);
  }

  /**
   * The judge with the options that are given, without model, prompt and orders.
   *
   * @throws IllegalArgumentException if the value of an option is invalid, or the judge has no such
   *     property
   */
  EvaluatedJudge applyTo(EvaluatedJudge judge) {
    EvaluatedJudge changed =
        weights == null ? judge : judge.withWeights(Weights.valueOf(weights.name()));
    Optional<Map.Entry<String, Object>> first = given().entrySet().stream().findFirst();
    if (first.isEmpty()) {
      return changed;
    }
    JudgeSection section = changed.section();
    if (!(section instanceof ModelJudge asked) || section instanceof ModelJudge.Scalar) {
      if (seed != null && given().size() == 1) {
        return changed;
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
    return changed.withSection(asked.withPanel(this::complete));
  }

  /** The given options of a panel; the seed, which other judges ignore, is the last. */
  private Map<String, Object> given() {
    Map<String, Object> given = new LinkedHashMap<>();
    putIfGiven(given, "--read", read);
    putIfGiven(given, "--votes", votes);
    putIfGiven(given, "--max-tokens", maxTokens);
    putIfGiven(given, "--temperature", temperature);
    putIfGiven(given, "--grammar", grammar);
    putIfGiven(given, "--seed", seed);
    return given;
  }

  private static void putIfGiven(Map<String, Object> given, String name, @Nullable Object value) {
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
