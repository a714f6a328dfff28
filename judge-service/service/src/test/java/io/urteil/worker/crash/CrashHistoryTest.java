package io.urteil.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.RecordPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrashHistoryTest {

  private static final int LIMIT = 10;

  @TempDir Path directory;

  @Test
  void shouldJudgeBesideOthersWhatRanAtNoCrash() {
    // Given
    CrashHistory history =
        CrashHistory.of(List.of(List.of(call(1, RunningCall.State.BESIDE))), LIMIT);

    // Then
    assertThat(history.of(delivery(2, 5))).isEqualTo(new Caution.None());
    assertThat(history.of(new Delivery("shadow-judges", position(1), 9, 2)))
        .as("the same record, for shadow judges")
        .isEqualTo(new Caution.None());
    assertThat(history.of(new Delivery("judge-worker", position(1), 8, 2)))
        .as("another record at the same position")
        .isEqualTo(new Caution.None());
  }

  @Test
  void shouldIsolateWhatWasDeliveredOftenWhereNoJournalKnowsIt() {
    assertThat(CrashHistory.of(List.of(), LIMIT).of(delivery(2, 6)))
        .isInstanceOfSatisfying(
            Caution.Isolated.class, isolated -> assertThat(isolated.most()).isEqualTo(1));
  }

  @Property
  void shouldNeedAtMostSixteenRoundsForWhatRanAtACrash(
      @ForAll @IntRange(min = 1, max = 4096) int n) {
    // Given
    List<RunningCall> calls =
        LongStream.range(0, n).mapToObj(i -> call(i, RunningCall.State.BESIDE)).toList();

    // When
    Caution caution = CrashHistory.of(List.of(calls), LIMIT).of(delivery(0, 2));

    // Then
    assertThat(caution)
        .isInstanceOfSatisfying(
            Caution.Isolated.class,
            isolated -> {
              assertThat((n + isolated.most() - 1) / isolated.most()).isLessThanOrEqualTo(16);
              assertThat(isolated.most() == 1).isEqualTo(n <= 16);
            });
  }

  @Test
  void shouldJudgeAloneWhatRanAtTwoCrashes() {
    // Given
    List<RunningCall> calls = new ArrayList<>();
    LongStream.range(0, 100).forEach(i -> calls.add(call(i, RunningCall.State.BESIDE)));

    // When
    CrashHistory history =
        CrashHistory.of(List.of(calls, List.of(call(7, RunningCall.State.BESIDE))), LIMIT);

    // Then
    assertThat(history.of(delivery(7, 3)))
        .isInstanceOfSatisfying(
            Caution.Isolated.class, isolated -> assertThat(isolated.most()).isEqualTo(1));
    assertThat(history.of(delivery(8, 3)))
        .isInstanceOfSatisfying(
            Caution.Isolated.class, isolated -> assertThat(isolated.most()).isEqualTo(7));
  }

  @Test
  void shouldCountACrashOnceForARecordThatManyJudgesJudged() {
    // Given
    List<RunningCall> crash = new ArrayList<>();
    for (long offset = 0; offset < 32; offset++) {
      for (String judge : List.of("run/a", "run/b", "run/c")) {
        crash.add(
            new RunningCall(RunningCall.State.BESIDE, "judge-worker", position(offset), 9, judge));
      }
    }

    // When
    CrashHistory history = CrashHistory.of(List.of(crash), LIMIT);

    // Then
    assertThat(history.of(delivery(3, 2)))
        .isEqualTo(new Caution.Isolated(2, Duration.ofSeconds(15)));
  }

  @Property
  void shouldCountCrashesAndNotCalls(
      @ForAll @Size(max = 5)
          List<@Size(max = 30) List<@IntRange(min = 0, max = 9) Integer>> crashes) {
    // Given
    List<List<RunningCall>> calls =
        crashes.stream()
            .map(crash -> crash.stream().map(at -> call(at, RunningCall.State.BESIDE)).toList())
            .toList();

    // When
    CrashHistory history = CrashHistory.of(calls, LIMIT);

    // Then
    for (int offset = 0; offset <= 9; offset++) {
      int record = offset;
      long ran = crashes.stream().filter(crash -> crash.contains(record)).count();
      Caution expected =
          switch ((int) Math.min(ran, 2)) {
            case 0 -> new Caution.None();
            case 1 -> new Caution.Isolated(1, Duration.ofSeconds(15));
            default -> new Caution.Isolated(1, Duration.ofSeconds(60));
          };
      assertThat(history.of(delivery(record, 2))).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ALONE", "EXIT"})
  void shouldRejectWhatEndedTheProcess(String state) {
    // Given
    List<List<RunningCall>> crashes =
        List.of(
            List.of(call(1, RunningCall.State.BESIDE), call(2, RunningCall.State.BESIDE)),
            List.of(call(1, RunningCall.State.valueOf(state))));

    // When
    CrashHistory history = CrashHistory.of(crashes, LIMIT);

    // Then
    assertThat(history.of(delivery(1, 3))).isInstanceOf(Caution.Rejected.class);
    assertThat(history.of(delivery(2, 3))).isInstanceOf(Caution.Isolated.class);
  }

  @Test
  void shouldReadOnlyJournalsOfEndedProcesses() throws IOException {
    // Given
    Path file = directory.resolve(WorkJournal.RUNNING + "a.txt");
    WorkJournal journal = WorkJournal.create(directory, "a.txt");
    int left = journal.enter(call(1, RunningCall.State.BESIDE));
    journal.enter(call(2, RunningCall.State.ALONE));
    journal.leave(left);
    Path ended = directory.resolve(WorkJournal.RUNNING + "b.txt");

    // When
    CrashHistory whileOpen = CrashHistory.read(directory, LIMIT);
    Files.copy(file, ended);
    CrashHistory afterwards = CrashHistory.read(directory, LIMIT);
    journal.close();

    // Then
    assertThat(whileOpen.of(delivery(2, 2))).isEqualTo(new Caution.None());
    assertThat(afterwards.of(delivery(1, 2))).isEqualTo(new Caution.None());
    assertThat(afterwards.of(delivery(2, 2)))
        .isEqualTo(
            new Caution.Rejected(
                "the worker's process ended while judge 'run/judge' judged this record alone"));
    assertThat(files()).containsExactly(WorkJournal.CRASHED + "b.txt");
  }

  @Test
  void shouldForgetWhatWasJudgedWithoutACrash() throws IOException {
    // Given
    WorkJournal journal = WorkJournal.create(directory, "a.txt");
    for (int i = 0; i < 40; i++) {
      journal.enter(call(i, RunningCall.State.BESIDE));
    }
    Files.copy(
        directory.resolve(WorkJournal.RUNNING + "a.txt"),
        directory.resolve(WorkJournal.RUNNING + "b.txt"));
    journal.close();

    // When
    CrashHistory first = CrashHistory.read(directory, LIMIT);
    IntStream.range(3, 40).forEach(i -> first.judged(delivery(i, 2)));
    CrashHistory second = CrashHistory.read(directory, LIMIT);
    IntStream.range(0, 3).forEach(i -> second.judged(delivery(i, 3)));

    // Then
    assertThat(first.of(delivery(0, 2))).isEqualTo(new Caution.Isolated(3, Duration.ofSeconds(15)));
    assertThat(first.of(delivery(3, 2))).isEqualTo(new Caution.None());
    CrashHistory third = CrashHistory.read(directory, LIMIT);
    assertThat(third.of(delivery(0, 2))).isEqualTo(new Caution.None());
    assertThat(files()).isEmpty();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n\n",
        "alone",
        "alone c t 1 x 1 j",
        "what c t 1 1 1 j",
        "\0\0\0",
        "alone c t"
      })
  void shouldPassOverDamagedJournals(String text) throws IOException {
    // Given
    Files.writeString(directory.resolve(WorkJournal.RUNNING + "a.txt"), text);

    // Then
    assertThat(CrashHistory.read(directory, LIMIT).of(delivery(1, 2)))
        .isEqualTo(new Caution.None());
    assertThat(directory).isEmptyDirectory();
  }

  private static RunningCall call(long offset, RunningCall.State state) {
    return new RunningCall(state, "judge-worker", position(offset), 9, "run/judge");
  }

  private static Delivery delivery(long offset, int count) {
    return new Delivery("judge-worker", position(offset), 9, count);
  }

  private static RecordPosition position(long offset) {
    return new RecordPosition("a.rollouts", 3, offset);
  }
}
