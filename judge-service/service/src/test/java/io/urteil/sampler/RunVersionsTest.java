package io.urteil.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunVersionsTest {

  private final RunVersions versions = new RunVersions();

  @Test
  void shouldKeepAllVersionsWhenALineageGoesOn() {
    // Given
    versions.add(version("a", 0));
    versions.add(version("a", 1));

    // When
    versions.add(version("b", 2));

    // Then
    assertThat(versions.newest()).contains(version("b", 2));
    assertThat(versions.before(2)).contains(version("a", 1));
  }

  @Test
  void shouldForgetTheOldLineWhenANewLineageBeginsBeforeItsEnd() {
    // Given
    for (int number = 0; number < 5; number++) {
      versions.add(version("a", number));
    }

    // When
    versions.add(version("b", 3));

    // Then
    assertThat(versions.newest()).contains(version("b", 3));
    assertThat(versions.find(4)).isEmpty();
    assertThat(versions.find(2)).contains(version("a", 2));
  }

  @Test
  void shouldKeepWhatIsNewerWhenAVersionIsPublishedTwice() {
    // Given
    versions.add(version("a", 0));
    versions.add(version("a", 1));

    // When
    versions.add(version("a", 0));

    // Then
    assertThat(versions.newest()).contains(version("a", 1));
  }

  private static PolicyVersion version(String lineage, long number) {
    return new PolicyVersion("run", "model", lineage, number, Path.of("x"), List.of(), null);
  }
}
