package io.urteil.cli.judging;

import io.urteil.file.HubCache;
import io.urteil.model.DecoderConfig;
import io.urteil.model.file.UnusableModelException;
import io.urteil.order.CandidateOrders;
import io.urteil.prompt.JudgePrompts;
import io.urteil.reward.RewardRule;
import io.urteil.run.DataSection;
import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgePanel.Model.Local;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A judge named by command-line options, as the section of a run file.
 *
 * @param name name in the run file
 * @param reward the reward section of its run file; null without a run file
 */
public record EvaluatedJudge(String name, JudgeSection section, @Nullable RewardRule reward) {

  /**
   * A judge of a run file. A judge that parses the verdicts of the policy under training is
   * replaced by the policy itself, prompted with {@code data.judgePrompt}.
   *
   * @param file null for the packaged run file named {@code judge}
   * @param judge null for the primary judge of the run
   * @param model model directory that replaces the judge's own; null to keep it
   */
  static EvaluatedJudge ofRunFile(@Nullable Path file, @Nullable String judge, @Nullable Path model)
      throws IOException {
    String called = file == null ? "runs/" + judge + ".yaml" : file.toString();
    RunFile run = RunFileReader.read(called, file == null ? packaged(judge) : read(file));
    String name = file == null || judge == null ? run.reward().judge() : judge;
    JudgeSection section = run.judges().get(name);
    if (section == null) {
      throw new IllegalArgumentException(
          "--judge: '%s' (expected: a judge of %s: %s)"
              .formatted(name, called, String.join(", ", run.judges().keySet())));
    }
    if (section instanceof RuleJudge.Verdict) {
      section = policyAsJudge(called, run, model);
    }
    if (model != null) {
      section = withModel(name, section, model.toAbsolutePath().normalize());
    }
    return new EvaluatedJudge(name, section, run.reward());
  }

  /**
   * A model directory with a judge prompt, or a reward model with a scalar head, which has no
   * prompt.
   *
   * @param prompt name or file of a judge prompt; null for {@link JudgePrompts#MODEL_FILE} of the
   *     directory, or for a reward model
   */
  static EvaluatedJudge ofModel(Path model, @Nullable String prompt) throws IOException {
    if (!Files.isDirectory(model)) {
      throw new UnusableModelException(model, List.of("no such directory"));
    }
    Path directory = model.toAbsolutePath().normalize();
    if (prompt != null) {
      JudgePrompts.find(prompt);
    }
    boolean scores = DecoderConfig.read(directory).isScalar();
    if (scores && prompt != null) {
      throw new IllegalArgumentException(
          "--model: %s is a reward model with a scalar head (expected: no judge prompt; found '%s')"
              .formatted(model, prompt));
    }
    JudgeSection section =
        scores
            ? ModelJudge.Scalar.of(directory)
            : asked(
                prompt == null ? JudgePrompts.fileOf(directory).toString() : prompt,
                new Local(directory, Weights.F32),
                null);
    return new EvaluatedJudge(HubCache.displayName(directory), section, null);
  }

  /**
   * A model on a server with a judge prompt.
   *
   * @param prompt name or file of the judge prompt
   */
  static EvaluatedJudge ofServer(JudgePanel.Model.Remote server, String prompt) {
    String name =
        switch (server) {
          case JudgePanel.Model.NamedServer(String declared) -> declared;
          case JudgePanel.Model.Server byUrl -> byUrl.model();
        };
    return new EvaluatedJudge(name, asked(prompt, server, null), null);
  }

  /**
   * A copy that asks this server.
   *
   * @throws IllegalArgumentException if the judge asks no language model, or several
   */
  EvaluatedJudge withServer(JudgePanel.Model.Remote server) {
    if (section instanceof ModelJudge judge
        && !(judge instanceof ModelJudge.Scalar)
        && judge.models().stream().distinct().count() == 1) {
      return withSection(judge.withModels(one -> server));
    }
    throw new IllegalArgumentException(
        "--server (expected: a judge that asks one language model; '%s' asks none or several)"
            .formatted(name));
  }

  EvaluatedJudge withSection(JudgeSection other) {
    return new EvaluatedJudge(name, other, reward);
  }

  /** A copy with another seed, if the judge samples. */
  EvaluatedJudge withSeed(long seed) {
    return section instanceof ModelJudge judge
        ? withSection(judge.withPanel(panel -> panel.withSeed(seed)))
        : this;
  }

  /** A copy that presents these orders itself, if the judge compares candidates. */
  EvaluatedJudge withOrders(CandidateOrders orders) {
    return switch (section) {
      case ModelJudge.Tournament pairs -> withSection(pairs.withOrders(orders));
      case ModelJudge.Listwise list -> withSection(list.withOrders(orders));
      default -> this;
    };
  }

  /**
   * A copy with weights of this precision.
   *
   * @throws IllegalArgumentException if the judge has no model in this process
   */
  public EvaluatedJudge withWeights(Weights weights) {
    return withSection(withWeights(name, section, weights));
  }

  /** The prompt of a judge with one model; null for a reward model. */
  static @Nullable String prompt(ModelJudge judge) {
    return switch (judge) {
      case ModelJudge.Generative alone -> alone.panel().members().firstEntry().getValue().prompt();
      case ModelJudge.Tournament pairs -> pairs.panel().members().firstEntry().getValue().prompt();
      case ModelJudge.Listwise list -> list.panel().members().firstEntry().getValue().prompt();
      case ModelJudge.Scalar scores -> null;
    };
  }

  private static JudgeSection policyAsJudge(String called, RunFile run, @Nullable Path model) {
    DataSection data = run.data();
    if (data == null || data.judgePrompt() == null) {
      throw new IllegalArgumentException(
          "run file %s: its judge parses verdicts of the policy (expected: data.judgePrompt, the prompt of the policy; or --model DIR --prompt NAME)"
              .formatted(called));
    }
    PolicySection policy = run.policy();
    Path directory = policy == null ? model : policy.model();
    if (directory == null) {
      throw new IllegalArgumentException(
          "run file %s: no policy (expected: policy.model, or --model DIR)".formatted(called));
    }
    boolean shown = data.showReference() && JudgePrompts.find(data.judgePrompt()).usesReference();
    Local local = new Local(directory, Weights.F32);
    return asked(data.judgePrompt(), local, run.sampling().maxTokens())
        .withPanel(panel -> panel.withReference(shown));
  }

  /** One greedy vote in one order: the evaluation itself presents the orders. */
  private static ModelJudge asked(
      String prompt, JudgePanel.Model model, @Nullable Integer maxTokens) {
    JudgePanel panel = JudgePanel.of(model, prompt).withMaxTokens(maxTokens);
    return switch (JudgePrompts.find(prompt).mode()) {
      case POINTWISE -> ModelJudge.Generative.of(panel);
      case PAIRWISE -> ModelJudge.Tournament.of(panel, CandidateOrders.GIVEN);
      case LISTWISE -> ModelJudge.Listwise.of(panel, CandidateOrders.GIVEN);
    };
  }

  private static JudgeSection withModel(String name, JudgeSection section, Path model) {
    if (section instanceof ModelJudge judge
        && locals(judge).size() == judge.models().size()
        && locals(judge).stream().map(Local::directory).distinct().count() == 1) {
      return judge.withModels(
          one ->
              one instanceof Local(var other, Weights weights) ? new Local(model, weights) : one);
    }
    throw new IllegalArgumentException(
        "--model: %s (expected: a judge with one model in this process; '%s' has none or several)"
            .formatted(model, name));
  }

  private static JudgeSection withWeights(String name, JudgeSection section, Weights weights) {
    if (section instanceof ModelJudge judge && !locals(judge).isEmpty()) {
      return judge.withWeights(weights);
    }
    throw new IllegalArgumentException(
        "--weights: %s (expected: a judge with a model in this process; '%s' has none)"
            .formatted(weights.name().toLowerCase(Locale.ROOT), name));
  }

  private static List<Local> locals(ModelJudge judge) {
    return judge.models().stream().filter(Local.class::isInstance).map(Local.class::cast).toList();
  }

  /** Whether a run file of this name is packaged. */
  static boolean isPackaged(String name) {
    return EvaluatedJudge.class.getResource("/runs/" + name + ".yaml") != null;
  }

  private static String packaged(@Nullable String name) throws IOException {
    try (InputStream in = EvaluatedJudge.class.getResourceAsStream("/runs/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalArgumentException(
            "--judge: '%s' (expected: the name of a run file of ops/runs, or a judge of --run-file)"
                .formatted(name));
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static String read(Path file) throws IOException {
    try {
      return Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "--run-file: no file " + file + " (expected: a run file)", e);
    }
  }
}
