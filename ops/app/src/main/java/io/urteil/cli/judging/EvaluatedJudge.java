package io.urteil.cli.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.urteil.engine.WeightPrecision;
import io.urteil.model.DecoderConfig;
import io.urteil.model.file.UnusableModelException;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.JudgeSection;
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
 * The judge that {@code urteil evaluate} is told to evaluate, as the section of a run file.
 *
 * @param name in the run file
 * @param section {@code judges.NAME}
 * @param reward the section {@code reward} of its run file; missing where it has none
 */
public record EvaluatedJudge(String name, JsonNode section, JsonNode reward) {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  /**
   * A judge of a run file. A judge that reads what the policy under training wrote stands for the
   * policy itself, asked with the prompt that {@code data.judgePrompt} names.
   *
   * @param file null for the run file of that name among those that come with Urteil
   * @param judge null for the one that the run's reward pays
   * @param model takes the place of the judge's own model, unless null
   * @param weights take the place of the judge's own, unless null
   */
  static EvaluatedJudge ofRunFile(
      @Nullable Path file,
      @Nullable String judge,
      @Nullable Path model,
      @Nullable WeightPrecision weights)
      throws IOException {
    String text = file == null ? packaged(judge) : read(file);
    String called = file == null ? "runs/" + judge + ".yaml" : file.toString();
    String paid = RunFileReader.read(called, text).reward().judge();
    JsonNode tree = YAML.readTree(text);
    String name = file == null || judge == null ? paid : judge;
    JsonNode section = tree.path("judges").path(name);
    if (!section.isObject()) {
      throw new IllegalArgumentException(
          "--judge: '%s' (expected: a judge of %s: %s)"
              .formatted(name, called, String.join(", ", names(tree.path("judges")))));
    }
    if (section.path("type").asText().equals("verdict")) {
      section = policyAsJudge(called, tree);
    }
    if (model != null) {
      section = ((ObjectNode) section.deepCopy()).put("model", absolute(model));
    }
    if (weights != null) {
      section = ((ObjectNode) section.deepCopy()).put("weights", spelling(weights));
    }
    return new EvaluatedJudge(name, section, tree.path("reward"));
  }

  /**
   * A model directory, asked with this prompt; a reward model with a scalar head is asked nothing.
   *
   * @param prompt name of a judge prompt or its file; null for the directory's own {@link
   *     JudgePrompts#MODEL_FILE}, or for a reward model
   * @param weights null for those of every model unless told otherwise
   */
  public static EvaluatedJudge ofModel(
      Path model, @Nullable String prompt, @Nullable WeightPrecision weights) throws IOException {
    if (!Files.isDirectory(model)) {
      throw new UnusableModelException(model, List.of("there is no such directory"));
    }
    Path directory = model.toAbsolutePath().normalize();
    if (prompt != null) {
      JudgePrompts.find(prompt);
    }
    boolean scores = DecoderConfig.read(directory).isScalar();
    if (scores && prompt != null) {
      throw new IllegalArgumentException(
          "--model: %s scores conversations by a scalar head (expected: without a judge prompt, which is '%s')"
              .formatted(model, prompt));
    }
    ObjectNode section =
        scores
            ? YAML.createObjectNode().put("type", "scalar").put("model", directory.toString())
            : asked(
                prompt == null ? JudgePrompts.fileOf(directory).toString() : prompt,
                directory.toString(),
                null);
    if (weights != null) {
      section.put("weights", spelling(weights));
    }
    return new EvaluatedJudge(
        String.valueOf(directory.getFileName()), section, MissingNode.getInstance());
  }

  /**
   * The judge as a run file describes it, for who asks it without a run.
   *
   * @param called how messages call where it comes from
   */
  public JudgeSection description(String called) throws IOException {
    ObjectNode run = YAML.createObjectNode().put("run", "judge");
    run.putObject("judges").set("judge", section);
    run.putObject("reward").put("rule", "correct").put("unparseable", 0);
    run.putObject("batch").put("kind", "none");
    return RunFileReader.read(called, YAML.writeValueAsString(run))
        .judges()
        .firstEntry()
        .getValue();
  }

  private static JsonNode policyAsJudge(String called, JsonNode tree) {
    String prompt = tree.path("data").path("judgePrompt").asText("");
    if (prompt.isEmpty()) {
      throw new IllegalArgumentException(
          "run file %s: its judge reads what the policy wrote (expected: data.judgePrompt, which says how the policy is asked; or --model DIR --prompt NAME)"
              .formatted(called));
    }
    String model = tree.path("policy").path("model").asText();
    ObjectNode asked = asked(prompt, model, tree.path("sampling").path("maxTokens"));
    if (tree.path("data").path("showReference").asBoolean()
        && JudgePrompts.find(prompt).usesReference()) {
      asked.put("reference", true);
    }
    return asked;
  }

  /** One greedy vote in one order: the orders are the evaluation's. */
  private static ObjectNode asked(String prompt, String model, @Nullable JsonNode maxTokens) {
    JudgeMode mode = JudgePrompts.find(prompt).mode();
    ObjectNode section = YAML.createObjectNode();
    section.put(
        "type",
        switch (mode) {
          case POINTWISE -> "generative";
          case PAIRWISE -> "tournament";
          case LISTWISE -> "listwise";
        });
    section.put("model", model).put("prompt", prompt);
    if (mode != JudgeMode.POINTWISE) {
      section.put("orders", "given");
    }
    if (maxTokens != null && maxTokens.isInt()) {
      section.set("maxTokens", maxTokens);
    }
    return section;
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

  private static String spelling(WeightPrecision weights) {
    return weights.name().toLowerCase(Locale.ROOT);
  }

  private static String absolute(Path path) {
    return path.toAbsolutePath().normalize().toString();
  }

  private static Iterable<String> names(JsonNode judges) {
    return judges::fieldNames;
  }
}
