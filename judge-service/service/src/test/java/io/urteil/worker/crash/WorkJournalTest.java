package io.urteil.worker.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.embedded.JavaProcess;
import io.urteil.event.RecordPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterTry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Workers that start, end and die in one directory at the same time. */
class WorkJournalTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private @TempDir Path directory;
  private final List<Path> made = new ArrayList<>();

  @Test
  void shouldTellEveryWorkerThatStartsAtOnceOfTheCrash() throws Exception {
    // Given
    List<JavaProcess> starting = new ArrayList<>();
    try (JavaProcess dead = process("die", "7")) {
      dead.awaitExit(PATIENCE);
    }

    // When
    try {
      for (int i = 0; i < 4; i++) {
        starting.add(process("open", "7"));
      }

      // Then
      for (JavaProcess worker : starting) {
        assertThat(worker.awaitExit(PATIENCE)).isZero();
        assertThat(worker.output()).contains("isolated true").doesNotContain("Exception");
      }
    } finally {
      starting.forEach(JavaProcess::close);
    }
    assertThat(names()).hasSize(1).allMatch(name -> name.startsWith(WorkJournal.CRASHED));
  }

  @Property(tries = 15)
  void shouldFindEveryCrashAndNoLivingWorker(
      @ForAll @IntRange(min = 1, max = 5) int crashes,
      @ForAll @IntRange(min = 2, max = 12) int workers,
      @ForAll @IntRange(min = 0, max = 3) int older)
      throws Exception {
    // Given
    Path shared = Files.createTempDirectory("journals").toRealPath();
    made.add(shared);
    List<WorkJournal> living = new ArrayList<>();
    for (int i = 0; i < older; i++) {
      WorkJournal journal = WorkJournal.create(shared, "older-%d.txt".formatted(i));
      journal.enter(call(1_000 + i));
      living.add(journal);
    }
    for (int i = 0; i < crashes; i++) {
      Files.write(
          shared.resolve("%sdead-%d.txt".formatted(WorkJournal.RUNNING, i)),
          call(i).bytes().orElseThrow().array());
    }

    // When
    CountDownLatch all = new CountDownLatch(workers);
    List<Future<CrashHistory>> histories = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
      for (int i = 0; i < workers; i++) {
        int number = i;
        Callable<CrashHistory> start =
            () -> {
              all.countDown();
              all.await();
              CrashHistory history = CrashHistory.read(shared, 10);
              try (WorkJournal journal =
                  WorkJournal.create(shared, "worker-%d.txt".formatted(number))) {
                journal.enter(call(2_000 + number));
                CrashHistory.read(shared, 10);
              }
              return history;
            };
        histories.add(threads.submit(start));
      }
    }

    // Then
    for (Future<CrashHistory> history : histories) {
      for (long offset : List.of(0L, (long) crashes, 1_000L, 2_000L, 2_001L)) {
        assertThat(history.get().of(delivery(offset)) instanceof Caution.Isolated)
            .as("record %d isolated", offset)
            .isEqualTo(offset < crashes);
      }
    }
    for (WorkJournal journal : living) {
      journal.close();
    }
    try (Stream<Path> left = Files.list(shared)) {
      assertThat(left.map(path -> path.getFileName().toString()))
          .hasSize(crashes)
          .allMatch(name -> name.startsWith(WorkJournal.CRASHED + "dead-"));
    }
  }

  @Test
  void shouldPassOverAFileThatIsBeingCreated() throws IOException {
    // Given
    Path created = directory.resolve(WorkJournal.NEW + "a.txt");
    Files.write(created, call(1).bytes().orElseThrow().array());

    // Then
    assertThat(CrashHistory.read(directory, 10).of(delivery(1))).isEqualTo(new Caution.None());
    assertThat(created).exists();
  }

  @Test
  void shouldReadJournalsWithShorterLines() throws IOException {
    // Given
    String line = call(1).line();
    Files.writeString(
        directory.resolve(WorkJournal.RUNNING + "a.txt"),
        "%-255s\n%255s\n%-255s\n".formatted(line, "", call(2).line()));

    // When
    CrashHistory first = CrashHistory.read(directory, 10);
    first.judged(delivery(1));
    CrashHistory second = CrashHistory.read(directory, 10);

    // Then
    assertThat(first.of(delivery(2))).isInstanceOf(Caution.Isolated.class);
    assertThat(second.of(delivery(1))).isEqualTo(new Caution.None());
    assertThat(second.of(delivery(2))).isInstanceOf(Caution.Isolated.class);
  }

  @AfterTry
  void removeFiles() throws IOException {
    for (Path path : made) {
      try (Stream<Path> files = Files.list(path)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(path);
    }
    made.clear();
  }

  /** Opens the guard of a worker, and dies during a call or ends. */
  static final class Worker {
    private Worker() {}

    public static void main(String[] arguments) throws Exception {
      long offset = Long.parseLong(arguments[2]);
      try (CrashGuard guard = CrashGuard.open(Path.of(arguments[0]), 10)) {
        System.out.println(
            "isolated " + (guard.caution(delivery(offset)) instanceof Caution.Isolated));
        if (arguments[1].equals("die")) {
          try (CrashGuard.Entry entry = guard.enter(delivery(offset), "run/judge")) {
            entry.run(
                () -> {
                  Runtime.getRuntime().halt(9);
                  return null;
                });
          }
        }
      }
    }
  }

  private JavaProcess process(String what, String offset) {
    return JavaProcess.start(
        Worker.class,
        List.of("-Xmx64m", "-XX:TieredStopAtLevel=1"),
        Map.of(),
        List.of(directory.toString(), what, offset));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("judge-worker"))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static RunningCall call(long offset) {
    return new RunningCall(
        RunningCall.State.BESIDE, "judge-worker", position(offset), 9, "run/judge");
  }

  private static Delivery delivery(long offset) {
    return new Delivery("judge-worker", position(offset), 9, 2);
  }

  private static RecordPosition position(long offset) {
    return new RecordPosition("a.rollouts", 3, offset);
  }
}
