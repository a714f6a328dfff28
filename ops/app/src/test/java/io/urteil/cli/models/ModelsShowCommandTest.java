package io.urteil.cli.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.cli.UrteilCommand;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.testing.RandomModel;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsShowCommandTest {

  private final StringWriter output = new StringWriter();
  private final StringWriter errors = new StringWriter();
  private final Path model;

  ModelsShowCommandTest(@TempDir Path directory) {
    this.model = directory.resolve("model");
  }

  @Test
  void shouldDescribeAModelThatIsServed() throws IOException {
    // Given
    RandomModel.writeChat(model);

    // When
    int status = urteil("models", "show", model.toString());

    // Then
    assertThat(errors.toString()).isEmpty();
    assertThat(status).isZero();
    assertThat(output.toString())
        .contains("model          model\ndirectory      " + model + "\n")
        .contains("architecture   qwen2, language model, 2 layers, hidden size 96, 6 heads, 3 of")
        .contains("context        8,192 tokens\nnumber format  F32 (27 tensors)\n")
        .contains("chat template  yes\n")
        .containsPattern(
            "memory         .* as a judge with f32 weights, .* with int8, for 64 slots of at"
                + " most 4,096 tokens in a cache of .*; .* free")
        .endsWith("served         yes\n");
  }

  @Test
  void shouldStateThatAModelHasNoTemplate() throws IOException {
    SeedJudge.copyTo(model);
    assertThat(urteil("models", "show", model.toString())).isZero();
    assertThat(output.toString())
        .contains("chat template  no; only prompts of raw text are accepted\n");
  }

  @Test
  void shouldStateWhyAModelIsNotServed() throws IOException {
    // Given
    SeedJudge.copyTo(model);
    Files.writeString(
        model.resolve("config.json"), "{\"model_type\": \"mixtral\", \"num_local_experts\": 8}");

    // When
    int status = urteil("models", "show", model.toString());

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(output.toString().lines().toList())
        .last()
        .asString()
        .startsWith("served         no: config.json: ")
        .contains("model_type: 'mixtral' (expected: one of");
  }

  @Test
  void shouldNameGgufWeights() throws IOException {
    // Given
    SeedJudge.copyTo(model);
    Files.move(model.resolve("model.safetensors"), model.resolve("model.Q4_1.gguf"));

    // When
    int status = urteil("models", "show", model.toString());

    // Then
    assertThat(status).isEqualTo(2);
    assertThat(output.toString())
        .endsWith(
            "served         no: weights: only 'model.Q4_1.gguf' (expected: model.safetensors or"
                + " model.safetensors.index.json)\n");
  }

  @Test
  void shouldNameADirectoryThatDoesNotExist() {
    assertThat(urteil("models", "show", model.toString())).isEqualTo(2);
    assertThat(errors.toString()).contains("there is no such directory");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt2", "a/b/c", "../x/y", "org/name@"})
  void shouldRejectATextThatIsNoName(String name) {
    assertThat(urteil("models", "fetch", name)).isEqualTo(2);
    assertThat(errors.toString())
        .startsWith(
            "urteil: NAME: '%s' (expected: OWNER/MODEL or OWNER/MODEL@REVISION)".formatted(name));
  }

  private int urteil(String... arguments) {
    return UrteilCommand.line(new PrintWriter(output, true), new PrintWriter(errors, true))
        .execute(arguments);
  }
}
