package io.urteil.local.runfile;

import io.urteil.run.EvaluateSection;
import io.urteil.run.PolicySection;
import io.urteil.run.RunFile;
import io.urteil.run.judge.JudgePanel.Model;
import io.urteil.run.judge.JudgeSection;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.ShadowJudge;
import java.nio.file.Path;

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
    run.judges().forEach((name, judge) -> changed.judge(name, withModel(judge, model)));
    run.shadows()
        .forEach(
            (name, shadow) ->
                changed.shadow(
                    name, new ShadowJudge(withModel(shadow.judge(), model), shadow.share())));
    RunFile result = changed.build();
    if (run.policy() == null && result.equals(run) && !names(run, model)) {
      throw new IllegalArgumentException(
          "--model: %s (expected: a run file with a policy, or with a judge that names a model directory; '%s' has neither)"
              .formatted(model, run.run()));
    }
    return result;
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
