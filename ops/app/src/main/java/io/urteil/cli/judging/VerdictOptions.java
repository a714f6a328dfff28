package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.engine.WeightPrecision;
import io.urteil.order.CandidateOrders;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options of every command that asks a model for verdicts: the model with its prompt, and how a
 * verdict is obtained. An option that is not given leaves a judge of a run file as it is.
 */
public final class VerdictOptions {

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

  @Mixin private PanelOptions panel = new PanelOptions();

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
    PanelOptions.putIfGiven(given, "--model", models.isEmpty() ? null : models.getFirst());
    PanelOptions.putIfGiven(given, "--prompt", prompt);
    PanelOptions.putIfGiven(given, "--weights", weights);
    given.putAll(panel.given());
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
    return panel.seed();
  }

  /**
   * A judge of the model in this directory, with these options.
   *
   * @throws IllegalArgumentException if the value of an option is invalid
   */
  public EvaluatedJudge judge(Path directory) throws IOException {
    return applyTo(panel.seeded(EvaluatedJudge.ofModel(directory, prompt)));
  }

  /**
   * A judge of the model on this server, with these options.
   *
   * @throws IllegalArgumentException without a prompt, or if the value of an option is invalid
   */
  EvaluatedJudge judge(JudgePanel.Model.Remote server) throws IOException {
    if (prompt == null) {
      throw new IllegalArgumentException(
          "--prompt: missing (expected: a judge prompt, by name or file, with --server)");
    }
    return applyTo(panel.seeded(EvaluatedJudge.ofServer(server, prompt)));
  }

  /**
   * The judge with the options that are given, without model, prompt and orders.
   *
   * @throws IllegalArgumentException if the value of an option is invalid, or the judge has no such
   *     property
   */
  EvaluatedJudge applyTo(EvaluatedJudge judge) {
    return panel.applyTo(
        weights == null ? judge : judge.withWeights(Weights.valueOf(weights.name())));
  }
}
