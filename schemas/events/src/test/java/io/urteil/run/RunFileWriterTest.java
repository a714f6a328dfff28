package io.urteil.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.urteil.advantage.AdvantagePresets;
import io.urteil.batch.NoBatches;
import io.urteil.batch.PreferenceBatches;
import io.urteil.reward.rule.ScalarScore;
import io.urteil.run.judge.CustomJudge;
import io.urteil.run.judge.JudgePanel;
import io.urteil.run.judge.ModelJudge;
import io.urteil.run.judge.RuleJudge;
import io.urteil.run.judge.ShadowJudge;
import io.urteil.run.judge.Weights;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RunFileWriterTest {

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());

  @Provide
  Arbitrary<RunFile> runFiles() {
    return RunFiles.valid();
  }

  @Property(tries = 500)
  void shouldReadWhatItWrites(@ForAll("runFiles") RunFile file) {
    // When
    String written = RunFileWriter.write(file);
    RunFile read = RunFileReader.read("written", written);

    // Then
    assertThat(read).isEqualTo(file);
    assertThat(read.hash()).isEqualTo(file.hash());
    assertThat(file.text()).isEqualTo(written);
    assertThat(RunFileWriter.write(read)).isEqualTo(written);
    assertThat(read.edit().build()).isEqualTo(file);
  }

  @Test
  void shouldWriteEveryKeyAndEveryWordThatTheReaderKnows() throws IOException {
    // Given
    Set<String> known = new TreeSet<>();
    described(new ObjectMapper().readTree(RunFileSchema.text()), "", known);

    // A member that keeps its weights as most do says nothing, as long as its judge does not.
    known.remove(".judges.NAME.panel.NAME.weights=f32");
    // The default of every file that may have it.
    known.remove(".batch.kind=grpo");

    // When
    Set<String> written = new TreeSet<>();
    Random random = new Random(7);
    for (int i = 0; i < 2_000; i++) {
      written(tree(RunFiles.next(random).text()), "", written);
    }

    // Then
    assertThat(known).hasSizeGreaterThan(150);
    assertThat(written).containsAll(known);
  }

  static Stream<Path> shipped() throws IOException {
    return RunFileSchemaTest.shipped().filter(file -> !file.toString().contains("waiting-"));
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void shouldKeepWhatARunFileOfTheProjectSays(Path shipped) throws IOException {
    // Given
    String text = Files.readString(shipped);
    RunFile file = RunFileReader.read(shipped.toString(), text);

    // When
    String written = RunFileWriter.write(file);

    // Then
    assertThat(file.text()).isEqualTo(text);
    assertThat(RunFileReader.read("written", written)).isEqualTo(file);
    assertThat(file.edit().build().text()).isEqualTo(written);
  }

  @Test
  void shouldWriteKeysInTheOrderOfTheDocumentationWithoutDefaults() {
    // Given
    RunFile file =
        RunFile.builder("small")
            .judge(
                "quality",
                new ModelJudge.Generative(
                    JudgePanel.of(
                        new JudgePanel.Model.Local(Path.of("models/judge"), Weights.INT8), "rrm"),
                    JudgePanel.Combine.MEAN,
                    Duration.ofMinutes(5)))
            .shadow("strict", new ShadowJudge(new RuleJudge.Answer(RuleJudge.Compare.NUMBER), 0.1))
            .reward(new ScalarScore("quality", 0.5, 0, null))
            .policy(new PolicySection(Path.of("models/policy")))
            .group(group -> group.withOnMissing(new OnMissing.Wait(Duration.ofSeconds(90))))
            .sampling(sampling -> sampling.withMaxTokens(58))
            .advantage(Objects.requireNonNull(AdvantagePresets.all().get("verl")))
            .train(Objects.requireNonNull(RunFileReader.read("x", SMALL_TRAIN).train()))
            .build();

    // Then
    assertThat(file.text())
        .isEqualTo(
            """
            run: small
            policy:
              model: models/policy
            group:
              onMissing:
                wait:
                  atMost: 90s
            sampling:
              maxTokens: 58
            judges:
              quality:
                type: generative
                model: models/judge
                weights: int8
                prompt: rrm
                combine: mean
              strict:
                type: answer
                shadow: {}
            reward:
              rule: scalar
              scale: 0.5
            advantage: verl
            train:
              steps: 60
              learningRate: 3.0E-5
              clip:
                - 0.2
                - 0.28
            """);
  }

  private static final String SMALL_TRAIN =
      """
      run: x
      policy: { model: m }
      judges: { j: { type: answer } }
      reward: { rule: scalar }
      train: { clip: [0.2, 0.28], learningRate: 3.0e-5, steps: 60 }
      """;

  @Test
  void shouldRefuseToBuildWhatTheReaderRefusesInTheSameWords() {
    // Given
    RunFile file = RunFileReader.read("x", SMALL_TRAIN);

    // When
    RunFile.Builder edited =
        file.edit()
            .batch(
                batch ->
                    batch
                        .withKind(new PreferenceBatches(PreferenceBatches.Pairs.ALL))
                        .withGroups(0))
            .reward(reward -> reward.withJudge("nobody"));

    // Then
    assertThatThrownBy(edited::build)
        .isInstanceOfSatisfying(
            RunFileException.class,
            refused ->
                assertThat(refused.problems())
                    .containsExactlyInAnyOrder(
                        "batch.groups: 0 (expected: a whole number of at least 1)",
                        "reward.judge: 'nobody' (expected: one of j)",
                        "train.objective: missing (expected: no section train with batch.kind"
                            + " preference: no objective on pairs (dpo, bradley-terry) is"
                            + " implemented, its batches are for external trainers)"));
    assertThatThrownBy(() -> RunFile.builder("empty").build())
        .isInstanceOfSatisfying(
            RunFileException.class,
            refused ->
                assertThat(refused.problems())
                    .anyMatch(problem -> problem.startsWith("judges: missing"))
                    .anyMatch(problem -> problem.startsWith("reward.rule: missing"))
                    .anyMatch(problem -> problem.startsWith("policy.model: missing"))
                    .anyMatch(problem -> problem.startsWith("train.steps: missing")));
  }

  @Test
  void shouldWriteTextsOfSeveralLinesAsABlock() {
    // Given
    ObjectNode settings = JsonNodeFactory.instance.objectNode();
    settings.put("prompt", "Which is better?\n\n  A or B\n");
    RunFile file =
        RunFile.builder("block")
            .judge("added", new CustomJudge("acme.judge", false, settings))
            .reward(new ScalarScore("added", 1, 0, null))
            .batch(batch -> batch.withKind(new NoBatches()))
            .build();

    // Then
    assertThat(file.text())
        .contains(
            """
                settings:
                  prompt: |
                    Which is better?

                      A or B
            """);
    assertThat(RunFileReader.read("block", file.text())).isEqualTo(file);
  }

  private static JsonNode tree(String text) {
    try {
      return YAML.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Paths of keys, and of words that are not the default; names of the user's choice are NAME. */
  private static void described(JsonNode schema, String path, Set<String> found) {
    schema
        .path("properties")
        .properties()
        .forEach(
            key -> {
              String inner = path + "." + key.getKey();
              found.add(inner);
              described(key.getValue(), inner, found);
            });
    if (schema.path("additionalProperties").isObject()) {
      String inner = path + ".NAME";
      found.add(inner);
      described(schema.path("additionalProperties"), inner, found);
    }
    for (String forms : List.of("oneOf", "anyOf")) {
      schema.path(forms).forEach(form -> described(form, path, found));
    }
    for (JsonNode word : schema.path("enum")) {
      if (!word.equals(schema.path("default"))) {
        found.add(path + "=" + word.asText());
      }
    }
    if (schema.has("default")) {
      found.remove(path + "=" + schema.path("default").asText());
    }
    JsonNode only = schema.path("const");
    if (!only.isMissingNode() && !path.equals(".group.onMissing")) {
      found.add(path + "=" + only.asText());
    }
  }

  private static void written(JsonNode node, String path, Set<String> found) {
    boolean named =
        path.matches(
                "\\.judges|\\.reward\\.parts|.*\\.(panel|formats|judgePrompts|questions|options)")
            && node.isObject();
    if (path.endsWith(".settings")) {
      return;
    }
    node.properties()
        .forEach(
            key -> {
              String inner = path + "." + (named ? "NAME" : key.getKey());
              found.add(inner);
              written(key.getValue(), inner, found);
            });
    if (node.isValueNode()) {
      found.add(path + "=" + node.asText());
    }
  }
}
