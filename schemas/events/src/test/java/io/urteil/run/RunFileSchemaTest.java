package io.urteil.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The committed schema of run files. After a change of keys {@code -Durteil.schema.write=true}
 * writes it again.
 */
class RunFileSchemaTest {

  private static final Path FILE = Path.of("src/main/resources/schemas/run-file.schema.json");
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final JsonSchema SCHEMA =
      JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
          .getSchema(RunFileSchema.text());

  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("../../ops/runs"))) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @Test
  void shouldBeTheCommittedFile() throws IOException {
    if (Boolean.getBoolean("urteil.schema.write")) {
      Files.createDirectories(FILE.getParent());
      Files.writeString(FILE, RunFileSchema.text());
    }
    assertThat(FILE).hasContent(RunFileSchema.text());
  }

  @Test
  void shouldBeASchemaItself() throws IOException {
    JsonSchema schemas =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(java.net.URI.create("https://json-schema.org/draft/2020-12/schema"));

    assertThat(schemas.validate(new ObjectMapper().readTree(RunFileSchema.text()))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void shouldTakeTheRunFilesOfTheProjectThatTheReaderTakes(Path file) throws IOException {
    List<String> problems = problems(Files.readString(file));

    if (file.getFileName().toString().startsWith("waiting-")) {
      assertThat(problems).anyMatch(problem -> problem.contains("objective"));
    } else {
      assertThat(problems).isEmpty();
    }
  }

  @Provide
  Arbitrary<RunFile> runFiles() {
    return RunFiles.valid();
  }

  @Property(tries = 300)
  void shouldTakeEveryRunFileThatTheReaderTakes(@ForAll("runFiles") RunFile file)
      throws IOException {
    assertThat(problems(file.text())).isEmpty();
  }

  @Test
  void shouldTakeARunFileWithEverySection() throws JsonProcessingException {
    assertThat(problems(GOOD)).isEmpty();
  }

  private static final String GOOD =
      """
      run: good
      policy: { model: m }
      data: { prompts: p }
      group: { arms: [AB, BA], onMissing: { survivors: 4 } }
      gateway: { samples: alone }
      sampling: { temperature: 1.0 }
      judges: { outcome: { type: verdict, format: think-answer-scores } }
      reward: { rule: j1-consistency, unparseable: -0.5 }
      batch: { kind: grpo, groups: 8 }
      advantage: { ddof: 0 }
      staleness: { maxVersionsBehind: 4 }
      train: { steps: 60, learningRate: 3.0e-5, clip: [0.2, 0.28] }
      checkpoint: { keep: 5 }
      evaluate: { prompts: e }
      """;

  /** Each line: what is replaced, and by what. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "run: good => rnu: good",
        "run: good => run: 'a b'",
        "policy: { model: m } => policy: {}",
        "prompts: p } => prompts: p, order: random }",
        "prompts: p } => prompts: p, judgePrompts: {} }",
        "arms: [AB, BA] => arms: [AB, AB]",
        "arms: [AB, BA] => arms: AB",
        "{ survivors: 4 } => { survivors: 0 }",
        "{ survivors: 4 } => { refill: {} }",
        "{ survivors: 4 } => { wait: { atMost: soon } }",
        "{ survivors: 4 } => never",
        "samples: alone => samples: together",
        "samples: alone => samples: by-prompt, size: 1",
        "samples: alone => samples: by-prompt, wait: soon",
        "samples: alone => sample: alone",
        "temperature: 1.0 => temperature: -1",
        "temperature: 1.0 => topP: 0",
        "temperature: 1.0 => topP: 1.5",
        "temperature: 1.0 => topK: 0.5",
        "temperature: 1.0 => stop: ['']",
        "type: verdict, format => type: verdict, formt",
        "type: verdict => type: answer",
        "type: verdict, format: think-answer-scores => type: oracle",
        "type: verdict, format: think-answer-scores => type: scalar",
        "type: verdict, format: think-answer-scores => type: generative, prompt: rrm",
        "type: verdict, format: think-answer-scores => type: listwise, model: m, server: {url: u,"
            + " model: m}, prompt: p",
        "type: verdict, format: think-answer-scores => type: answer, shadow: { share: 2 }",
        "rule: j1-consistency => rule: j1",
        ", unparseable: -0.5 => ''",
        "unparseable: -0.5 => unparseable: none",
        "rule: j1-consistency => rule: j1-consistency, consistency: perhaps",
        "rule: j1-consistency => rule: j1-consistency, verified: 1",
        "rule: j1-consistency, unparseable: -0.5 => rule: weighted, parts: {}",
        "rule: j1-consistency, unparseable: -0.5 => rule: weighted, parts: { a: { rule: weighted }"
            + " }",
        "rule: j1-consistency => rule: j1-consistency, overlong: { factor: 1 }",
        "kind: grpo => kind: ppo",
        "groups: 8 => groups: 0",
        "{ ddof: 0 } => { ddof: 2 }",
        "{ ddof: 0 } => nobody",
        "maxVersionsBehind: 4 => maxVersionsBehind: -1",
        "maxVersionsBehind: 4 => exact: 1",
        "steps: 60, => ''",
        "steps: 60 => steps: 1.5",
        "clip: [0.2, 0.28] => clip: [0.2]",
        "clip: [0.2, 0.28] => betas: [0.9, 1.0]",
        "clip: [0.2, 0.28] => objective: dpo",
        "keep: 5 => keep: 0",
        "prompts: e } => prompts: e, size: 0 }",
        "policy: { model: m } => ''"
      })
  void shouldRefuseWhatTheReaderRefuses(String change) throws JsonProcessingException {
    // Given
    String[] sides = change.split(" => ", -1);
    String text = GOOD.replace(sides[0], sides[1].equals("''") ? "" : sides[1]);

    // Then
    assertThat(text).isNotEqualTo(GOOD);
    assertThat(problems(text)).isNotEmpty();
    assertThat(
            org.assertj.core.api.Assertions.catchThrowable(
                () -> RunFileReader.read("broken", text)))
        .isInstanceOf(RunFileException.class);
  }

  @Test
  void shouldDescribeEveryKey() throws JsonProcessingException {
    assertThat(undescribed(new ObjectMapper().readTree(RunFileSchema.text()), "")).isEmpty();
  }

  private static List<String> undescribed(JsonNode schema, String path) {
    List<String> found = new java.util.ArrayList<>();
    schema
        .path("properties")
        .properties()
        .forEach(
            key -> {
              String inner = path + "." + key.getKey();
              if (key.getValue().path("description").asText().isBlank()) {
                found.add(inner);
              }
              found.addAll(undescribed(key.getValue(), inner));
            });
    found.addAll(undescribedIn(schema.path("additionalProperties"), path + ".NAME"));
    for (String forms : List.of("oneOf", "anyOf")) {
      schema.path(forms).forEach(form -> found.addAll(undescribedIn(form, path)));
    }
    return found;
  }

  private static List<String> undescribedIn(JsonNode schema, String path) {
    return schema.isObject() ? undescribed(schema, path) : List.of();
  }

  private static List<String> problems(String text) throws JsonProcessingException {
    return SCHEMA.validate(YAML.readTree(text)).stream().map(Object::toString).toList();
  }
}
