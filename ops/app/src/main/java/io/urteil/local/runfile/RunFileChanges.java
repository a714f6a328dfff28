package io.urteil.local.runfile;

import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.EvaluateSection;
import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.JudgePanel.Model;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.ShadowJudge;
import io.urteil.run.judge.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Changed copies of a run file, as options of commands make them. Pure. */
public final class RunFileChanges {

  private RunFileChanges() {}

  /**
   * A copy in which the policy and each model of a judge that runs in a process of the service are
   * this model. Models on servers stay.
   *
   * @throws IllegalArgumentException if the file names no such model
   */
  public static RunFile withModel(RunFile run, Path model) {
    RunFile.Builder changed = run.edit();
    if (run.policy() != null) {
      changed.policy(new PolicySection(model));
    }
    changeJudges(run, changed, (name, judge) -> withModel(judge, model));
    RunFile result = changed.build();
    if (run.policy() == null && result.equals(run) && !names(run, model)) {
      throw new IllegalArgumentException(
          "--model: %s (expected: a run file with a policy, or with a judge that names a model directory; '%s' has neither)"
              .formatted(model, run.run()));
    }
    return result;
  }

  /**
   * A copy in which each model of a judge that runs in a process of the service has weights of this
   * precision. Models on servers stay.
   *
   * @throws IllegalArgumentException if the file names no such model
   */
  public static RunFile withWeights(RunFile run, Weights weights) {
    requireAny(
        run,
        RunFileChanges::isLocal,
        "--weights: %s (expected: a run file with a judge that has a model in the judge's process; '%s' has none)"
            .formatted(weights.name().toLowerCase(Locale.ROOT), run.run()));
    return withJudges(
        run,
        (name, judge) -> judge instanceof ModelJudge asked ? asked.withWeights(weights) : judge);
  }

  /**
   * A copy in which each judge that takes a prompt of this kind, pointwise, pairwise or listwise,
   * asks with this prompt.
   *
   * @param prompt its name or file
   * @throws IllegalArgumentException if there is no such prompt, or the file has no such judge
   */
  public static RunFile withPrompt(RunFile run, String prompt) {
    JudgeMode mode = JudgePrompts.find(prompt).mode();
    requireAny(
        run,
        judge -> mode(judge) == mode,
        "--prompt: '%s' (expected: a prompt for a judge of run file '%s'; none of them is %s)"
            .formatted(prompt, run.run(), mode.spelling()));
    return withJudges(
        run,
        (name, judge) ->
            judge instanceof ModelJudge asked && mode(judge) == mode
                ? asked.withPanel(panel -> withPrompt(panel, prompt))
                : judge);
  }

  private static JudgePanel withPrompt(JudgePanel panel, String prompt) {
    SequencedMap<String, JudgePanel.Member> members = new LinkedHashMap<>();
    panel
        .members()
        .forEach(
            (name, member) -> members.put(name, new JudgePanel.Member(member.model(), prompt)));
    return panel.withMembers(members);
  }

  /** The kind of prompts that a judge takes; null for one without prompts. */
  private static @Nullable JudgeMode mode(JudgeSection judge) {
    return switch (judge) {
      case ModelJudge.Generative _ -> JudgeMode.POINTWISE;
      case ModelJudge.Tournament _ -> JudgeMode.PAIRWISE;
      case ModelJudge.Listwise _ -> JudgeMode.LISTWISE;
      default -> null;
    };
  }

  private static boolean isLocal(JudgeSection judge) {
    return judge instanceof ModelJudge asked
        && asked.models().stream().anyMatch(Model.Local.class::isInstance);
  }

  private static void requireAny(RunFile run, Predicate<JudgeSection> fits, String message) {
    if (Stream.concat(
            run.judges().values().stream(), run.shadows().values().stream().map(ShadowJudge::judge))
        .noneMatch(fits)) {
      throw new IllegalArgumentException(message);
    }
  }

  /**
   * A copy with these judges in place of the primary judges and shadow judges.
   *
   * @param change the new judge for a name and its judge
   */
  public static RunFile withJudges(
      RunFile run, BiFunction<String, JudgeSection, JudgeSection> change) {
    RunFile.Builder changed = run.edit();
    changeJudges(run, changed, change);
    return changed.build();
  }

  private static void changeJudges(
      RunFile run, RunFile.Builder changed, BiFunction<String, JudgeSection, JudgeSection> change) {
    run.judges().forEach((name, judge) -> changed.judge(name, change.apply(name, judge)));
    run.shadows()
        .forEach(
            (name, shadow) ->
                changed.shadow(
                    name, new ShadowJudge(change.apply(name, shadow.judge()), shadow.share())));
  }

  private static JudgeSection withModel(JudgeSection judge, Path model) {
    return judge instanceof ModelJudge asked
        ? asked.withModels(
            one -> one instanceof Model.Local local ? new Model.Local(model, local.weights()) : one)
        : judge;
  }

  private static boolean names(RunFile run, Path model) {
    return run.judges().values().stream()
        .filter(ModelJudge.class::isInstance)
        .flatMap(judge -> ((ModelJudge) judge).models().stream())
        .anyMatch(one -> one instanceof Model.Local local && local.directory().equals(model));
  }

  /**
   * A copy that trains on this file.
   *
   * @throws IllegalArgumentException if the run has no section {@code data}
   */
  public static RunFile withData(RunFile run, Path prompts) {
    if (run.data() == null) {
      throw new IllegalArgumentException(
          "--data: %s (expected: a run file with the section data; '%s' has none)"
              .formatted(prompts, run.run()));
    }
    return run.edit().data(data -> data.withPrompts(prompts)).build();
  }

  /**
   * A copy that is evaluated on this file.
   *
   * @throws IllegalArgumentException if the run has no section {@code evaluate}
   */
  public static RunFile withHeldOut(RunFile run, Path prompts) {
    if (run.evaluate() == null) {
      throw new IllegalArgumentException(
          "--held-out: %s (expected: a run file with the section evaluate; '%s' has none)"
              .formatted(prompts, run.run()));
    }
    return run.edit()
        .evaluate(was -> new EvaluateSection(was.every(), prompts, was.size()))
        .build();
  }

  /**
   * A copy that trains this many updates.
   *
   * @throws IllegalArgumentException if the run has no section {@code train}, or for less than one
   */
  public static RunFile withSteps(RunFile run, int steps) {
    if (run.train() == null || steps < 1) {
      throw new IllegalArgumentException(
          "--steps: %d (expected: at least 1, for a run file with the section train)"
              .formatted(steps));
    }
    return run.edit().train(train -> train.withSteps(steps)).build();
  }
}
