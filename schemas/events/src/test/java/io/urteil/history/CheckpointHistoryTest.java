package io.urteil.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointHistoryTest {

  @Test
  void shouldTakeTheVersionsOfATrainerAlsoOfANewLineage() {
    // Given
    CheckpointHistory history = new CheckpointHistory(false);

    // When / Then
    assertThat(history.add(version(0, "lineage-1", null, null))).isEmpty();
    assertThat(history.add(version(1, "lineage-1", 0L, null))).isEmpty();
    assertThat(history.add(version(2, "lineage-1", 1L, null))).isEmpty();
    assertThat(history.add(version(2, "lineage-2", 1L, "lineage-1"))).isEmpty();
    assertThat(history.add(version(3, "lineage-2", 2L, null))).isEmpty();
    assertThat(history.add(version(3, "lineage-2", 2L, null))).isEmpty();
  }

  @Test
  void shouldBeginAnywhereOnlyWhenTheStartOfTheTopicWasDeleted() {
    // When / Then
    assertThat(new CheckpointHistory(true).add(version(55, "lineage-1", 54L, null))).isEmpty();
    assertThat(new CheckpointHistory(false).add(version(55, "lineage-1", 54L, null)))
        .contains(
            "version: 55 of lineage 'lineage-1' with parent 54 (expected: a version whose parent is published)");
  }

  @Test
  void shouldRefuseAVersionThatIsPublishedAlreadyWithOtherContent() {
    // Given
    CheckpointHistory history = new CheckpointHistory(false);
    history.add(version(0, "lineage-1", null, null));
    history.add(version(1, "lineage-1", 0L, null));

    // When / Then
    assertThat(
            history.add(
                Checkpoint.newBuilder(version(1, "lineage-1", 0L, null)).setUri("file:/x").build()))
        .isPresent();
    assertThat(history.add(version(0, "another", null, null))).isPresent();
    assertThat(history.add(version(2, "lineage-1", 1L, null))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x", "a/b", "a\\b", "..", ".", "", "a\u0000"})
  void shouldRefuseFilesOutsideOfTheFolder(String name) {
    // Given
    Checkpoint forged =
        Checkpoint.newBuilder(version(0, "lineage-1", null, null))
            .setFiles(List.of(new CheckpointFile(name, "0".repeat(64), 1L)))
            .build();

    // When / Then
    assertThat(new CheckpointHistory(false).add(forged)).isPresent();
  }

  /**
   * Whatever is published between the versions of a trainer: those are all taken, and every taken
   * version but the first has a parent one below.
   */
  @Property(tries = 1_000)
  void shouldTakeEveryVersionOfTheTrainerWhateverIsPublishedBetween(
      @ForAll("forged") List<List<Checkpoint>> forged) {
    // Given
    CheckpointHistory history = new CheckpointHistory(false);
    Map<String, Checkpoint> taken = new HashMap<>();

    // When
    long number = 0;
    for (List<Checkpoint> between : forged) {
      Checkpoint real = version(number, "lineage-1", number == 0 ? null : number - 1, null);
      assertThat(history.add(real)).isEmpty();
      taken.put(key(real), real);
      number++;
      for (Checkpoint other : between) {
        // A forged successor cannot be told from a real one.
        if (other.getLineage().equals("lineage-1") && other.getVersion() >= number) {
          continue;
        }
        if (history.add(other).isEmpty()) {
          taken.put(key(other), other);
        }
      }
    }

    // Then
    for (Checkpoint one : new ArrayList<>(taken.values())) {
      assertThat(one.getVersion()).isBetween(0L, (long) Integer.MAX_VALUE);
      assertThat(one.getLineage()).doesNotContain("/", "\\", "\u0000");
      if (one.getVersion() > 0) {
        String lineage = one.getParentLineage() == null ? one.getLineage() : one.getParentLineage();
        assertThat(taken).containsKey(lineage + "/" + (one.getVersion() - 1));
      }
    }
  }

  @Provide
  Arbitrary<List<List<Checkpoint>>> forged() {
    Arbitrary<Long> numbers =
        Arbitraries.oneOf(
            Arbitraries.longs().between(-1, 6),
            Arbitraries.of(Long.MIN_VALUE, Long.MAX_VALUE, 2_147_483_647L, 2_147_483_648L));
    Arbitrary<String> lineages =
        Arbitraries.of(
            "lineage-1", "lineage-2", "", "../..", "a/b", "x".repeat(200), "\u0000", "..");
    Arbitrary<String> uris =
        Arbitraries.of(
            "http://x", "not a uri", "\u0000", "", "file:///etc", "file://h/x", "x".repeat(9_999));
    Arbitrary<List<CheckpointFile>> files =
        Combinators.combine(
                Arbitraries.of(
                    "model.safetensors", "../../etc/passwd", "", "\u0000", "optimizer.safetensors"),
                Arbitraries.of("", "0", "\u0000", "0".repeat(64)),
                Arbitraries.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE))
            .as(CheckpointFile::new)
            .list()
            .ofMaxSize(3);
    Arbitrary<Checkpoint> one =
        Combinators.combine(
                numbers, lineages, numbers.injectNull(0.2), lineages.injectNull(0.5), uris, files)
            .as(
                (number, lineage, parent, parentLineage, uri, list) ->
                    Checkpoint.newBuilder(version(number, lineage, parent, parentLineage))
                        .setUri(uri)
                        .setFiles(list)
                        .build());
    return one.list().ofMaxSize(4).list().ofMinSize(1).ofMaxSize(6);
  }

  private static String key(Checkpoint checkpoint) {
    return checkpoint.getLineage() + "/" + checkpoint.getVersion();
  }

  private static Checkpoint version(
      long number, String lineage, @Nullable Long parent, @Nullable String parentLineage) {
    return Checkpoint.newBuilder()
        .setRunId("r")
        .setVersion(number)
        .setLineage(lineage)
        .setParent(parent)
        .setParentLineage(parentLineage)
        .setObjective("grpo")
        .setUri("file:///data/checkpoints/r/" + number)
        .setFiles(List.of())
        .setFull(true)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }
}
