package io.urteil.cli.judging;

import io.urteil.cli.models.NamedModels;
import io.urteil.engine.WeightPrecision;
import io.urteil.evaluation.DirectQuestion;
import io.urteil.file.HubCache;
import io.urteil.local.hub.HubException;
import io.urteil.model.DecoderConfig;
import io.urteil.model.file.UnusableModelException;
import io.urteil.order.CandidateOrders;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The models that are compared, and how each obtains a verdict. */
final class ComparedModelOptions {

  @Option(
      names = "--model",
      paramLabel = "NAME|DIR",
      required = true,
      description =
          "Models to compare, at least two: Hugging Face model directories, or names on the hub,"
              + " which are downloaded once.")
  private List<Path> models = List.of();

  @Option(
      names = "--prompt",
      paramLabel = "NAME|FILE",
      description =
          "Judge prompt by name or file, once for all models or once for each (default:"
              + " judge-prompt.yaml in each model directory). One for all is not used by a reward"
              + " model.")
  private List<String> prompts = List.of();

  @Mixin private PanelOptions panel = new PanelOptions();

  @Option(
      names = "--weights",
      paramLabel = "PRECISION",
      description =
          "Precision of the weights, f32 or int8, once for all models or once for each (default:"
              + " f32).")
  private List<WeightPrecision> weights = List.of();

  @Option(
      names = "--orders",
      paramLabel = "WHICH",
      description =
          "Orders in which candidates are presented: given, swapped, both or random (default:"
              + " both).")
  private @Nullable CandidateOrders orders;

  /** A model that is compared. */
  sealed interface Prepared {

    /** A model whose files are there. */
    record Ready(String name, DirectJudge judge) implements Prepared {}

    /** A model that is missing, or whose files are unusable. */
    record Unusable(String name, Exception cause) implements Prepared {}
  }

  /**
   * The models in their order. Downloads missing ones, and opens none.
   *
   * @throws IllegalArgumentException if options contradict each other or do not fit a model
   */
  List<Prepared> prepare(NamedModels named, DirectQuestion question) throws IOException {
    if (models.size() < 2) {
      throw new IllegalArgumentException(
          "--model: '%s' alone (expected: at least two models; 'urteil judge' asks one)"
              .formatted(models.getFirst()));
    }
    requireOneOrAll("--prompt", prompts);
    requireOneOrAll("--weights", weights);
    List<String> names = names();
    List<Prepared> prepared = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      try {
        Path directory = named.directory("--model", models.get(i));
        prepared.add(new Prepared.Ready(names.get(i), judge(i, directory, question)));
      } catch (UnusableModelException | HubException e) {
        prepared.add(new Prepared.Unusable(names.get(i), e));
      }
    }
    return prepared;
  }

  private DirectJudge judge(int i, Path directory, DirectQuestion question) throws IOException {
    boolean scores = Files.isDirectory(directory) && DecoderConfig.read(directory).isScalar();
    String prompt = scores && prompts.size() == 1 ? null : of(prompts, i);
    EvaluatedJudge judge = panel.seeded(EvaluatedJudge.ofModel(directory, prompt));
    WeightPrecision precision = of(weights, i);
    if (precision != null) {
      judge = judge.withWeights(Weights.valueOf(precision.name()));
    }
    if (!(judge.section() instanceof ModelJudge.Scalar)) {
      judge = panel.applyTo(judge);
    }
    return DirectJudge.of(judge, directory, orders, question);
  }

  private void requireOneOrAll(String option, List<?> given) {
    if (given.size() > 1 && given.size() != models.size()) {
      throw new IllegalArgumentException(
          "%s: given %d times (expected: once for all models, or once for each of the %d)"
              .formatted(option, given.size(), models.size()));
    }
  }

  private static <T> @Nullable T of(List<T> given, int model) {
    return given.isEmpty() ? null : given.get(given.size() == 1 ? 0 : model);
  }

  /** Short names, with precision and prompt if those are given for each; equal ones are counted. */
  private List<String> names() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < models.size(); i++) {
      String name = name(models.get(i));
      if (prompts.size() > 1) {
        name += " " + prompts.get(i);
      }
      if (weights.size() > 1) {
        name += " " + weights.get(i).name().toLowerCase(Locale.ROOT);
      }
      names.add(name);
    }
    List<String> counted = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      counted.add(
          Collections.frequency(names, name) == 1 ? name : "%s (%d)".formatted(name, i + 1));
    }
    return counted;
  }

  /** The last name of the path, or all of it if other models have the same last name. */
  private String name(Path model) {
    long paths =
        models.stream()
            .filter(other -> shortName(other).equals(shortName(model)))
            .map(ComparedModelOptions::absolute)
            .distinct()
            .count();
    return paths == 1 ? shortName(model) : model.toString();
  }

  private static String shortName(Path model) {
    return HubCache.displayName(absolute(model));
  }

  private static Path absolute(Path model) {
    return model.toAbsolutePath().normalize();
  }
}
