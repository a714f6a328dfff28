package io.urteil.bench.topology;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.bench.topology.TopologyReport.OpenRow;
import io.urteil.bench.topology.TopologyReport.WorkersRow;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every phase runs; how fast it goes is not asserted, since it depends on the machine. */
@Tag("long")
class TopologyBenchIT {

  private static final double SCALE = 0.0001;

  @TempDir Path directory;

  @Test
  void shouldMeasureEveryPhaseWithProcessesOfItsOwn() throws Exception {
    // Given
    TopologyBenchSettings settings =
        new TopologyBenchSettings(EnumSet.allOf(BenchPhase.class), SCALE, true);
    List<String> lines = new ArrayList<>();

    // When
    TopologyReport report = new TopologyBench(settings, directory, lines::add).run();

    // Then
    TopologyReport.Flow throughput = requireNonNull(report.throughput());
    TopologyReport.Delay latency = requireNonNull(report.latency());
    TopologyReport.Restart restart = requireNonNull(report.restart());
    assertThat(report.rawPerSecond()).isPositive();
    assertThat(throughput.rollouts()).isEqualTo(settings.rollouts());
    assertThat(throughput.amplification()).isGreaterThan(1);
    assertThat(throughput.bytesPerRollout())
        .containsKeys("rollouts", "judgements", "rewards", "groups", "batches")
        .satisfies(bytes -> assertThat(bytes.get("rollouts")).isGreaterThan(3_000));
    assertThat(throughput.cpuMicrosPerRollout())
        .containsOnlyKeys("broker", "topology", "judge", "producer");
    assertThat(latency.batchMillisP99()).isGreaterThanOrEqualTo(latency.batchMillisP50());
    assertThat(latency.copyMillisP99()).isGreaterThanOrEqualTo(latency.copyMillisP50());
    assertThat(report.openGroups())
        .extracting(OpenRow::groups, OpenRow::members)
        .containsExactly(
            tuple(settings.maxOpenGroups(), 7), tuple(settings.openGroups().getLast(), 1));
    assertThat(restart.groups()).isEqualTo(settings.maxOpenGroups());
    assertThat(restart.allowedSeconds())
        .isEqualTo(6 + restart.changelogMegabytes() / 100, offset(1e-9));
    assertThat(report.workers())
        .singleElement()
        .extracting(WorkersRow::workers)
        .isEqualTo(settings.workers().getFirst());
    assertThat(lines).anyMatch(line -> line.contains("restart: kill -9 with 100 open groups"));
    assertThat(report.markdown()).doesNotContain("NaN").doesNotContain("Infinity");
    assertThat(notAFigure("", new ObjectMapper().valueToTree(report))).isEmpty();
  }

  /**
   * Names of what should be a figure above zero; a tick of the clock may be too short to be one.
   */
  private static List<String> notAFigure(String name, JsonNode node) {
    if (node.isNull()) {
      return List.of(name);
    }
    if (node.isNumber()) {
      boolean isFigure =
          Double.isFinite(node.doubleValue())
              && (node.doubleValue() > 0 || name.endsWith("/longestPunctuationMillis"));
      return isFigure ? List.of() : List.of(name + " " + node);
    }
    List<String> wrong = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      wrong.addAll(notAFigure(name + "/" + field.getKey(), field.getValue()));
    }
    for (JsonNode element : node) {
      if (node.isArray()) {
        wrong.addAll(notAFigure(name + "[]", element));
      }
    }
    return wrong;
  }
}
