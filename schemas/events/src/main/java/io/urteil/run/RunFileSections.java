package io.urteil.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.advantage.Advantage;
import io.urteil.advantage.AdvantagePresets;
import io.urteil.advantage.Advantages;
import io.urteil.advantage.NormalisedAdvantage;
import io.urteil.batch.BatchSection;
import io.urteil.reward.rule.RewardRules;
import io.urteil.run.judge.NamedJudge;
import io.urteil.run.judge.ShadowJudge;
import io.urteil.run.keys.Keys;
import io.urteil.run.keys.SectionSchema;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The keys of a run file: its sections, and the conditions between them. */
final class RunFileSections {

  /** A directory of the run's checkpoints has this name: not "." and not "..". */
  private static final String RUN_NAME = "(?!\\.{1,2}$)[A-Za-z0-9._-]{1,100}";

  private RunFileSections() {}

  static RunFile.Builder of(Keys<RunFile.Builder> keys) {
    RunFile.Builder file = RunFile.builder(run(keys));
    addJudges(
        file,
        keys.byName(
            "judges",
            RunFileSections::judges,
            NamedJudge::of,
            true,
            "Judges of the run, by name."));
    if (file.judges.isEmpty()) {
      keys.addProblem("judges: missing (expected: at least one judge, name: {type: …})");
    }
    if (file.judges.size() > GroupSection.MAX_JUDGES) {
      keys.addProblem(
          "judges: %d (expected: at most %d)"
              .formatted(file.judges.size(), GroupSection.MAX_JUDGES));
    }
    boolean training =
        keys.hasSection("policy", from -> from.policy)
            || keys.hasSection("train", from -> from.train);
    file.batch =
        keys.section(
            "batch",
            from -> from.batch,
            batch -> BatchSection.of(batch, training),
            "How closed groups become batches.");
    boolean trains =
        switch (file.batch.kind().event()) {
          case GRPO, DEMONSTRATION -> true;
          case PREFERENCE, NONE -> false;
        };
    file.group =
        keys.section(
            "group", from -> from.group, GroupSection::of, "Members and deadline of a group.");
    file.gateway =
        keys.section(
            "gateway",
            from -> from.gateway,
            gateway -> GatewaySection.of(gateway, file.group),
            "How a gateway treats requests with single samples.");
    file.sampling =
        keys.section(
            "sampling",
            from -> from.sampling,
            SamplingSection::of,
            "Parameters for sampling from the policy.");
    file.reward =
        keys.required(
            "reward",
            from -> from.reward,
            reward -> RewardRules.section(reward, file.judges.keySet(), file.sampling.maxTokens()),
            "The rule that computes rewards from judgements.");
    file.data =
        keys.optional("data", false, from -> from.data, DataSection::of, "Source of the prompts.");
    ArmChecks.check(file.group, file.reward, file.judges, file.data, keys.problems());
    file.staleness =
        keys.section(
            "staleness",
            from -> from.staleness,
            StalenessSection::of,
            "Permitted lag of sampling behind training.");
    if (file.batch.tokens() > 0 && file.staleness.exact()) {
      keys.addProblem(
          "staleness.exact: true (expected: false with batch.tokens, since the batch of a prompt"
              + " is not known in advance)");
    }
    file.train =
        keys.optional(
            "train", trains, from -> from.train, TrainSection::of, "Objective and optimiser.");
    rejectUntrainable(keys, file.batch, file.train);
    file.policy =
        keys.optional(
            "policy",
            trains,
            from -> from.policy,
            PolicySection::of,
            "The model that is trained and sampled.");
    file.advantage =
        keys.predefinedOr(
            "advantage",
            from -> from.advantage,
            RunFileSections::preset,
            AdvantagePresets.all(),
            Advantages::of,
            "How advantages are computed within a group and arm: single settings, or the name of a"
                + " published trainer for its settings.");
    file.checkpoint =
        keys.section(
            "checkpoint",
            from -> from.checkpoint,
            CheckpointSection::of,
            "Checkpoints that are written and kept.");
    file.evaluate =
        keys.optional(
            "evaluate",
            false,
            from -> from.evaluate,
            EvaluateSection::of,
            "Evaluation of the policy on held-out prompts.");
    keys.condition(policyAndTrainUnlessUntrained());
    keys.first(
        "run",
        "policy",
        "data",
        "group",
        "gateway",
        "sampling",
        "judges",
        "reward",
        "batch",
        "advantage",
        "staleness",
        "train",
        "checkpoint",
        "evaluate");
    keys.rejectUnknown();
    return file;
  }

  private static @Nullable String preset(Advantage advantage) {
    return advantage instanceof NormalisedAdvantage normalised ? normalised.preset() : null;
  }

  private static void addJudges(RunFile.Builder file, Map<String, NamedJudge> judges) {
    judges.forEach(
        (name, named) -> {
          if (named.share() == null) {
            file.judge(name, named.judge());
          } else {
            file.shadow(name, new ShadowJudge(named.judge(), named.share()));
          }
        });
  }

  /** All judges of a file, shadow judges last. */
  private static Map<String, NamedJudge> judges(RunFile.Builder file) {
    SequencedMap<String, NamedJudge> all = new LinkedHashMap<>();
    file.judges.forEach((name, judge) -> all.put(name, new NamedJudge(judge, null)));
    file.shadows.forEach(
        (name, shadow) -> all.put(name, new NamedJudge(shadow.judge(), shadow.share())));
    return all;
  }

  private static String run(Keys<RunFile.Builder> keys) {
    String run =
        keys.text(
            "run",
            from -> from.run,
            null,
            "the run's name",
            "Name of the run and its id in every event: letters, digits, '.', '_' or '-', at most"
                + " 100.");
    keys.pattern("run", "^" + RUN_NAME + "$");
    if (!run.isEmpty() && !run.matches(RUN_NAME)) {
      keys.addProblem(
          "run: '%s' (expected: letters, digits, '.', '_' or '-', at most 100, not '.' or '..')"
              .formatted(run));
    }
    return run;
  }

  private static void rejectUntrainable(
      Keys<?> keys, BatchSection batch, @Nullable TrainSection train) {
    if (train == null) {
      return;
    }
    String expected =
        switch (batch.kind().event()) {
          case PREFERENCE ->
              "no section train with batch.kind preference: no objective on pairs (dpo,"
                  + " bradley-terry) is implemented, its batches are for external trainers";
          case DEMONSTRATION ->
              train.objective().equals("grpo") ? "sft with batch.kind demonstration" : "";
          case GRPO, NONE -> "";
        };
    if (!expected.isEmpty()) {
      keys.problem("train.objective", expected);
    }
  }

  /** The reader requires a policy and an optimiser unless no trainer reads the batches. */
  private static ObjectNode policyAndTrainUnlessUntrained() {
    return SectionSchema.anyOf(
        List.of(
            SectionSchema.requires("policy", "train"),
            untrained("kind"),
            untrained("event"),
            SectionSchema.not(
                SectionSchema.anyOf(
                    List.of(
                        SectionSchema.requires("policy"),
                        SectionSchema.requires("train"),
                        batchOfAKind())))));
  }

  /** The condition that the section batch names a kind. */
  private static ObjectNode batchOfAKind() {
    ObjectNode file = SectionSchema.requires("batch");
    file.putObject("properties").set("batch", SectionSchema.requires("kind"));
    return file;
  }

  /**
   * The condition that this key of the section batch names a kind or event that is not trained on.
   */
  private static ObjectNode untrained(String key) {
    ObjectNode batch = SectionSchema.requires(key);
    batch.putObject("properties").putObject(key).putArray("enum").add("none").add("preference");
    ObjectNode file = SectionSchema.requires("batch");
    file.putObject("properties").set("batch", batch);
    return file;
  }
}
