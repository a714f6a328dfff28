package io.urteil.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.urteil.event.ContentHash;
import io.urteil.run.RunFile.Advantage;
import io.urteil.run.RunFile.Batch;
import io.urteil.run.RunFile.CheckpointPlan;
import io.urteil.run.RunFile.Data;
import io.urteil.run.RunFile.Evaluate;
import io.urteil.run.RunFile.Group;
import io.urteil.run.RunFile.Judge;
import io.urteil.run.RunFile.OnMissing;
import io.urteil.run.RunFile.Policy;
import io.urteil.run.RunFile.RewardRule;
import io.urteil.run.RunFile.Sampling;
import io.urteil.run.RunFile.Shadow;
import io.urteil.run.RunFile.Staleness;
import io.urteil.run.RunFile.Train;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a run file. Unknown keys, wrong types and impossible values are refused at once, all of
 * them together, each with its path, the value and what was expected.
 */
public final class RunFileReader {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  private RunFileReader() {}

  /**
   * @param name how messages call the file
   * @param text YAML
   * @throws RunFileException naming every problem
   */
  public static RunFile read(String name, String text) {
    List<String> problems = new ArrayList<>();
    RunFile file = read(root(name, text), text, problems);
    if (!problems.isEmpty()) {
      throw new RunFileException(name, problems);
    }
    return file;
  }

  private static JsonNode root(String name, String text) {
    try {
      JsonNode root = YAML.readTree(text);
      return root == null ? MissingNode.getInstance() : root;
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : "line %d, column %d: "
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      throw new RunFileException(name, List.of(where + e.getOriginalMessage()));
    }
  }

  private static RunFile read(JsonNode root, String text, List<String> problems) {
    Fields fields = new Fields("", root, problems);
    String run = fields.text("run", null, "the run's name");
    if (!run.isEmpty() && !run.matches("[A-Za-z0-9._-]{1,100}")) {
      problems.add("run: '%s' (expected: letters, digits, '.', '_' or '-')".formatted(run));
    }
    SequencedMap<String, Shadow> shadows = new LinkedHashMap<>();
    SequencedMap<String, Judge> judges = judges(fields.section("judges"), shadows, problems);
    Batch batch = batch(fields.section("batch"));
    boolean trains =
        switch (batch.kind()) {
          case GRPO, DEMONSTRATION -> true;
          case PREFERENCE, NONE -> false;
        };
    Group group = group(fields.section("group"));
    Sampling sampling = sampling(fields.section("sampling"));
    RewardRule reward = new RewardReader(judges, sampling).read(fields.section("reward"));
    Data data = fields.has("data") ? data(fields.section("data")) : null;
    ArmChecks.check(group, reward, judges, data, problems);
    Staleness staleness = staleness(fields.section("staleness"));
    if (batch.tokens() > 0 && staleness.exact()) {
      problems.add(
          "staleness.exact: true (expected: false with batch.tokens, since which batch a prompt"
              + " comes to is not known before)");
    }
    Train train = fields.has("train") || trains ? train(fields.section("train")) : null;
    refuseWhatCannotBeTrained(fields, batch, train);
    RunFile file =
        new RunFile(
            run,
            fields.has("policy") || trains ? policy(fields.section("policy")) : null,
            data,
            group,
            sampling,
            judges,
            shadows,
            reward,
            batch,
            advantage(fields),
            staleness,
            train,
            checkpoint(fields.section("checkpoint")),
            fields.has("evaluate") ? evaluate(fields.section("evaluate")) : null,
            text,
            ContentHash.of(text));
    fields.refuseUnknown();
    return file;
  }

  private static void refuseWhatCannotBeTrained(Fields fields, Batch batch, @Nullable Train train) {
    if (train == null) {
      return;
    }
    String why =
        switch (batch.kind()) {
          case PREFERENCE ->
              "none with batch.kind preference: its batches are for trainers outside, since no"
                  + " objective over pairs (dpo, bradley-terry) is built";
          case DEMONSTRATION ->
              train.objective().equals("grpo") ? "sft with batch.kind demonstration" : "";
          case GRPO, NONE -> "";
        };
    if (!why.isEmpty()) {
      JsonNode node = fields.raw("train");
      fields.section("train").problem("objective", node.path("objective"), why);
    }
  }

  private static Policy policy(Fields fields) {
    Policy policy = new Policy(fields.file("model"));
    fields.refuseUnknown();
    return policy;
  }

  private static Data data(Fields fields) {
    Data data =
        new Data(
            fields.file("prompts"),
            fields.has("judgePrompt")
                ? fields.text("judgePrompt", null, "the name of a judge prompt, or a .yaml file")
                : null,
            fields.textsByName("judgePrompts", "a mapping of arms to judge prompts"),
            fields.choice("reference", Data.PairReference.class, Data.PairReference.PREFERENCE),
            fields.flag("showReference", false),
            fields.choice("order", Data.Order.class, Data.Order.GIVEN),
            fields.wholeLong("seed", 0));
    fields.refuseUnknown();
    return data;
  }

  private static Group group(Fields fields) {
    Group group =
        new Group(
            fields.names("arms", List.of("only")),
            fields.whole("samplesPerArm", 8, 1, "a whole number of at least 1"),
            fields.duration("deadline", Duration.ofSeconds(60)),
            onMissing(fields));
    if (group.onMissing() instanceof OnMissing.Survivors(int perArm)
        && perArm > group.samplesPerArm()) {
      fields.problem(
          "onMissing.survivors",
          fields.raw("onMissing").path("survivors"),
          "at most samplesPerArm, which is " + group.samplesPerArm());
    }
    fields.refuseUnknown();
    return group;
  }

  private static OnMissing onMissing(Fields fields) {
    JsonNode node = fields.raw("onMissing");
    String expectation =
        "drop, {wait: {atMost: 60s}}, {survivors: n} or {refill: {maxAttempts: n}}";
    if (node.isMissingNode() || node.asText().equals("drop")) {
      return new OnMissing.Drop();
    }
    if (!node.isObject() || node.size() != 1) {
      fields.problem("onMissing", node, expectation);
      return new OnMissing.Drop();
    }
    Fields choice = fields.section("onMissing");
    OnMissing onMissing =
        switch (node.fieldNames().next()) {
          case "wait" -> {
            Fields wait = choice.section("wait");
            OnMissing read = new OnMissing.Wait(wait.duration("atMost", null));
            wait.refuseUnknown();
            yield read;
          }
          case "survivors" ->
              new OnMissing.Survivors(
                  choice.whole("survivors", null, 1, "a whole number of at least 1"));
          case "refill" -> {
            Fields refill = choice.section("refill");
            OnMissing read =
                new OnMissing.Refill(
                    refill.whole("maxAttempts", null, 1, "a whole number of at least 1"));
            refill.refuseUnknown();
            yield read;
          }
          default -> {
            fields.problem("onMissing", node, expectation);
            yield new OnMissing.Drop();
          }
        };
    return onMissing;
  }

  private static Sampling sampling(Fields fields) {
    Sampling sampling =
        new Sampling(
            fields.number("temperature", 1.0, t -> t >= 0, "a number of at least 0"),
            fields.number("topP", 1.0, p -> p > 0 && p <= 1, "a number above 0, at most 1"),
            fields.whole("topK", 0, 0, "a whole number, 0 for off"),
            fields.number("minP", 0.0, p -> p >= 0 && p <= 1, "a number from 0 to 1"),
            fields.number("repetitionPenalty", 1.0, p -> p > 0, "a number above 0"),
            fields.whole("maxTokens", 512, 1, "a whole number of at least 1"),
            fields.stops("stop"),
            fields.text("grammar", "", "the name of a grammar"));
    fields.refuseUnknown();
    return sampling;
  }

  private static SequencedMap<String, Judge> judges(
      Fields fields, SequencedMap<String, Shadow> shadows, List<String> problems) {
    SequencedMap<String, Judge> judges = new LinkedHashMap<>();
    for (String name : fields.keys()) {
      Fields one = fields.section(name);
      if (one.has("shadow")) {
        double share = share(one.section("shadow"));
        shadows.put(name, new Shadow(JudgeReader.read(one), share));
      } else {
        judges.put(name, JudgeReader.read(one));
      }
    }
    if (judges.isEmpty()) {
      problems.add("judges: missing (expected: at least one judge, name: {type: …})");
    }
    return judges;
  }

  private static double share(Fields fields) {
    double share = fields.number("share", 0.1, s -> s > 0 && s <= 1, "a number above 0, at most 1");
    fields.refuseUnknown();
    return share;
  }

  private static Batch batch(Fields fields) {
    Batch.Kind kind = fields.choice("kind", Batch.Kind.class, Batch.Kind.GRPO);
    int tokens = fields.whole("tokens", 0, 0, "a whole number, 0 for no limit");
    Batch batch =
        new Batch(
            kind,
            fields.whole("groups", 8, 1, "a whole number of at least 1"),
            tokens,
            fields.choice("zeroVariance", Batch.ZeroVariance.class, Batch.ZeroVariance.KEEP_COUNT),
            fields.choice("order", Batch.Order.class, Batch.Order.ORDINAL),
            fields.choice("pairs", Batch.Pairs.class, Batch.Pairs.BEST_WORST),
            fields.number(
                "threshold",
                kind == Batch.Kind.DEMONSTRATION ? null : Double.valueOf(0),
                any -> true,
                "the least reward, a number"));
    if (fields.has("pairs") && kind != Batch.Kind.PREFERENCE) {
      fields.problem("pairs", fields.raw("pairs"), "none without batch.kind preference");
    }
    if (fields.has("threshold") && kind != Batch.Kind.DEMONSTRATION) {
      fields.problem("threshold", fields.raw("threshold"), "none without batch.kind demonstration");
    }
    fields.refuseUnknown();
    return batch;
  }

  private static Advantage advantage(Fields fields) {
    JsonNode node = fields.raw("advantage");
    if (node.isTextual()) {
      Advantage preset = AdvantagePresets.named(node.asText());
      if (preset == null) {
        fields.problem(
            "advantage",
            node,
            "settings, or one of " + String.join(", ", AdvantagePresets.names()));
        return AdvantagePresets.DEFAULT;
      }
      return preset;
    }
    Fields settings = fields.section("advantage");
    Advantage advantage =
        new Advantage(
            null,
            settings.choice("baseline", Advantage.Baseline.class, Advantage.Baseline.MEAN),
            settings.choice("scale", Advantage.Scale.class, Advantage.Scale.GROUP),
            settings.whole("ddof", 0, 0, "0 or 1"),
            settings.number("epsilon", 1e-4, e -> e >= 0, "a number of at least 0"),
            settings.choice("alone", Advantage.Alone.class, Advantage.Alone.ZERO),
            settings.choice("of", Advantage.Of.class, Advantage.Of.REWARD),
            settings.flag("whiten", false));
    if (advantage.ddof() > 1) {
      settings.problem("ddof", settings.raw("ddof"), "0 or 1");
    }
    settings.refuseUnknown();
    return advantage;
  }

  private static Staleness staleness(Fields fields) {
    Staleness staleness =
        new Staleness(
            fields.whole("maxVersionsBehind", 1, 0, "a whole number of at least 0"),
            fields.flag("exact", false));
    fields.refuseUnknown();
    return staleness;
  }

  private static Train train(Fields fields) {
    String objective = fields.text("objective", "grpo", "one of grpo, sft");
    if (!Set.of("grpo", "sft").contains(objective)) {
      String why =
          Set.of("dpo", "bradley-terry", "gspo", "cispo").contains(objective)
              ? "one of grpo, sft; " + objective + " is not built yet"
              : "one of grpo, sft";
      fields.problem("objective", fields.raw("objective"), why);
    }
    double[] clip =
        fields.pair(
            "clip", new double[] {0.2, 0.2}, c -> c > 0, "two numbers above 0, such as [0.2, 0.2]");
    double[] betas =
        fields.pair(
            "betas",
            new double[] {0.9, 0.95},
            b -> b >= 0 && b < 1,
            "two numbers of at least 0, below 1");
    Train train =
        new Train(
            objective,
            fields.whole("steps", null, 1, "a whole number of at least 1"),
            fields.number("learningRate", null, r -> r > 0, "a number above 0, such as 3.0e-5"),
            clip[0],
            clip[1],
            fields.choice("normalise", Train.Normalise.class, Train.Normalise.TOKEN),
            fields.number("kl", 0.0, k -> k >= 0, "a number of at least 0"),
            fields.number("gradientClip", 1.0, g -> g > 0, "a number above 0"),
            betas[0],
            betas[1],
            fields.number("weightDecay", 0.0, w -> w >= 0, "a number of at least 0"),
            fields.choice("importance", Train.Importance.class, Train.Importance.BEHAVIOUR));
    fields.refuseUnknown();
    return train;
  }

  private static CheckpointPlan checkpoint(Fields fields) {
    CheckpointPlan plan =
        new CheckpointPlan(
            fields.whole("fullEvery", 1, 1, "a whole number of at least 1"),
            fields.whole("keep", 5, 1, "a whole number of at least 1"));
    fields.refuseUnknown();
    return plan;
  }

  private static Evaluate evaluate(Fields fields) {
    Evaluate evaluate =
        new Evaluate(
            fields.whole("every", 10, 1, "a whole number of at least 1"),
            fields.file("prompts"),
            fields.whole("size", 200, 1, "a whole number of at least 1"));
    fields.refuseUnknown();
    return evaluate;
  }
}
