package io.urteil.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Run;
import io.urteil.event.TestEvents;
import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RunHistoryTest {

  private static final RunFile FIRST = priced(1.0);
  private static final RunFile SECOND = priced(5.0);

  @Test
  void shouldIgnoreAnotherFileOfTheSameName() {
    // Given
    RunHistory history = accepted(null, event(FIRST, null, 0));

    // When
    RunHistory.Added added = RunHistory.add(history, event(SECOND, null, 0));

    // Then
    assertThat(added)
        .isEqualTo(
            new RunHistory.Added.Ignored(
                "run: 'arithmetic-judge' is published with run file %s (expected: this file, not %s; another name; or --replace)"
                    .formatted(FIRST.hash().substring(0, 12), SECOND.hash().substring(0, 12))));
    assertThat(accepted(history, event(FIRST, null, 0))).isSameAs(history);
  }

  @Test
  void shouldApplyAReplacementFromItsOrdinalOn() {
    // Given
    RunHistory history = accepted(null, event(FIRST, null, 0));

    // When
    RunHistory replaced = accepted(history, event(SECOND, FIRST.hash(), 8));

    // Then
    assertThat(replaced.at(7)).isEqualTo(FIRST);
    assertThat(replaced.at(8)).isEqualTo(SECOND);
    assertThat(replaced.at(-1)).isEqualTo(SECOND);
    assertThat(accepted(replaced, event(FIRST, SECOND.hash(), 16)).newest()).isEqualTo(FIRST);
  }

  @Test
  void shouldIgnoreAReplacementOfAnotherFileOrOfWhatAWholeRunDependsOn() {
    RunHistory history = accepted(null, event(FIRST, null, 0));
    RunFile trained = FIRST.edit().batch(batch -> batch.withGroups(7)).build();

    assertThat(RunHistory.add(history, event(SECOND, "f00", 8)))
        .isInstanceOf(RunHistory.Added.Ignored.class);
    assertThat(RunHistory.add(history, event(trained, FIRST.hash(), 8)))
        .isEqualTo(
            new RunHistory.Added.Ignored(
                "batch: changed (expected: as in the run file that is replaced; training that differs needs another run name)"));
  }

  @Test
  void shouldIgnoreAFileUnderAnotherName() {
    Run renamed = Run.newBuilder(event(FIRST, null, 0)).setRunId("another").build();
    Run otherHash = Run.newBuilder(event(FIRST, null, 0)).setHash("f00").build();

    assertThat(RunHistory.add(null, renamed)).isInstanceOf(RunHistory.Added.Ignored.class);
    assertThat(RunHistory.add(null, otherHash)).isInstanceOf(RunHistory.Added.Ignored.class);
  }

  /** Whatever is published in whatever order: a group has one file, and it never changes. */
  @Property(tries = 100)
  void shouldNeverChangeTheFileOfAnEarlierGroup(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 12) int events) {
    java.util.Random random = new java.util.Random(seed);
    RunHistory history = accepted(null, event(FIRST, null, 0));
    for (int i = 0; i < events; i++) {
      RunFile file = priced(random.nextInt(4));
      String replaces = random.nextBoolean() ? history.newest().hash() : null;
      long from = random.nextInt(20);
      if (RunHistory.add(history, event(file, replaces, from))
          instanceof RunHistory.Added.Accepted(RunHistory next)) {
        for (long ordinal = 0; ordinal < 20; ordinal++) {
          if (next.at(ordinal) != history.at(ordinal)) {
            assertThat(ordinal).isGreaterThanOrEqualTo(from);
            assertThat(next.at(ordinal)).isEqualTo(file);
          }
        }
        history = next;
      }
    }
  }

  private static RunHistory accepted(@Nullable RunHistory history, Run event) {
    return ((RunHistory.Added.Accepted) RunHistory.add(history, event)).history();
  }

  private static Run event(RunFile file, @Nullable String replaces, long from) {
    return Run.newBuilder()
        .setRunId(file.run())
        .setHash(file.hash())
        .setText(file.text())
        .setReplaces(replaces)
        .setFromOrdinal(from)
        .setCreatedAt(Instant.EPOCH)
        .build();
  }

  private static RunFile priced(double right) {
    return RunFileReader.read("test", TestEvents.RUN_FILE.replace("right: 1.0", "right: " + right));
  }
}
