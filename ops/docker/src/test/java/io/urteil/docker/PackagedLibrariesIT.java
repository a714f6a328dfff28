package io.urteil.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an image holds: the native libraries of its own service, and no others. */
class PackagedLibrariesIT {

  private static final Map<PackagedApplication, List<String>> FOREIGN =
      Map.of(
          PackagedApplication.JUDGE, List.of("pytorch", "openblas", "rocksdb", "kafka_2.13"),
          PackagedApplication.TOPOLOGY,
              List.of("pytorch", "openblas", "onnxruntime", "tokenizers", "kafka_2.13"),
          PackagedApplication.TRAINER, List.of("onnxruntime", "rocksdb", "kafka_2.13"));

  private static final Map<PackagedApplication, Integer> MOST_MEGABYTES =
      Map.of(
          PackagedApplication.JUDGE, 140,
          PackagedApplication.TOPOLOGY, 140,
          PackagedApplication.TRAINER, 195);

  @ParameterizedTest
  @EnumSource(PackagedApplication.class)
  void shouldHoldTheNativeLibrariesOfItsOwnServiceAlone(PackagedApplication application)
      throws IOException {
    // When
    List<Path> libraries = application.libraries();

    // Then
    long bytes = 0;
    for (Path library : libraries) {
      bytes += Files.size(library);
    }
    assertThat(libraries)
        .extracting(library -> String.valueOf(library.getFileName()))
        .anyMatch(name -> name.startsWith("org.apache.kafka.kafka-clients-4.3.1"))
        .allSatisfy(
            name ->
                assertThat(FOREIGN.getOrDefault(application, List.of())).noneMatch(name::contains));
    assertThat(bytes / 1_000_000).isLessThan(MOST_MEGABYTES.getOrDefault(application, 0));
  }
}
