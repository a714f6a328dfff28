package io.urteil.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.common.requests.JoinGroupRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InstanceIdTest {

  private final Path directory;

  InstanceIdTest(@TempDir Path directory) {
    this.directory = directory.resolve("streams");
  }

  @Test
  void shouldBeTheSameWheneverItIsAskedFor() {
    // Given
    String first = InstanceId.of(directory);

    // When
    String second = InstanceId.of(directory);

    // Then
    assertThat(second).isEqualTo(first);
    assertThat(directory).isDirectoryNotContaining("glob:**.new");
  }

  @Test
  void shouldBeAnotherInAnotherDirectory() {
    assertThat(InstanceId.of(directory.resolveSibling("other")))
        .isNotEqualTo(InstanceId.of(directory));
  }

  @Test
  void shouldBeTakenByTheBroker() {
    // When
    String id = InstanceId.of(directory);

    // Then
    JoinGroupRequest.validateGroupInstanceId(id + "-16");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "123e4567-e89b-12d3-a456-42661417400",
        "123e4567-e89b-12d3-a456-4266141740000",
        "123e4567-e89b-12d3-a456-426614174000x",
        "123e4567-e89b-12d3-a456-426614174000\nand more",
        "\0\0\0\0\0\0\0\0-\0\0\0\0-\0\0\0\0-\0\0\0\0-\0\0\0\0\0\0\0\0\0\0\0\0",
        "größer",
      })
  void shouldBeMadeAgainAndKeptWhenItsFileIsDamaged(String damaged) throws Exception {
    // Given
    Files.createDirectories(directory);
    Files.write(directory.resolve(InstanceId.FILE), damaged.getBytes(StandardCharsets.ISO_8859_1));

    // When
    String made = InstanceId.of(directory);

    // Then
    assertThat(made).matches("[0-9a-f-]{36}").isNotEqualTo(damaged);
    assertThat(InstanceId.of(directory)).isEqualTo(made);
  }

  @Test
  void shouldSayWhereWhenItCannotBeKept() throws Exception {
    // Given
    Files.createFile(directory);

    // When, Then
    assertThatThrownBy(() -> InstanceId.of(directory))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining(directory.resolve(InstanceId.FILE).toString());
  }
}
