package io.urteil.worker.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.RecordPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashGuardTest {

  private static final int LIMIT = 10;

  @TempDir Path data;

  @Test
  void shouldHaveNoOtherCallInTheJournalWhileOneRunsAlone() throws Exception {
    // Given
    int threads = 4;
    int calls = 100;
    List<Future<List<String>>> seen = new ArrayList<>();
    try (CrashGuard guard = CrashGuard.open(data, LIMIT);
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      // When
      for (int i = 0; i < threads; i++) {
        int thread = i;
        seen.add(
            pool.submit(
                () -> {
                  List<String> beside = new ArrayList<>();
                  for (int n = 0; n < calls; n++) {
                    Delivery often = delivery(calls * thread + n);
                    try (CrashGuard.Entry entry = guard.enter(often, "run/judge")) {
                      beside.addAll(entry.run(() -> othersIn(journal(), often)));
                    }
                  }
                  return beside;
                }));
      }

      // Then
      for (Future<List<String>> beside : seen) {
        assertThat(beside.get()).isEmpty();
      }
    }
  }

  /** The lines of a journal whose process would now end, without that of this record. */
  private static List<String> othersIn(Path journal, Delivery alone) throws IOException {
    return Files.readString(journal, UTF_8)
        .lines()
        .filter(
            line -> {
              Optional<RunningCall> call = RunningCall.parse(line);
              return call.isPresent()
                  && !(call.get().position().equals(alone.position())
                      && call.get().state() == RunningCall.State.ALONE);
            })
        .map(String::strip)
        .toList();
  }

  @Test
  void shouldKeepItsJournalWhenAnotherNameOfItsDirectoryIsUsed() throws Exception {
    // Given
    Path link = Files.createSymbolicLink(data.resolve("link"), Files.createDirectory(real()));
    try (CrashGuard first = CrashGuard.open(real(), LIMIT);
        CrashGuard.Entry entry = first.enter(delivery(1), "run/judge")) {
      // When
      Caution caution =
          entry.run(
              () -> {
                try (CrashGuard second = CrashGuard.open(link, LIMIT)) {
                  return second.caution(
                      new Delivery("judge-worker", new RecordPosition("t", 0, 1), 9, 1));
                }
              });

      // Then
      assertThat(caution).isEqualTo(new Caution.None());
    }
  }

  private Path real() {
    return data.resolve("real");
  }

  private Path journal() throws IOException {
    try (Stream<Path> files = Files.list(data.resolve("judge-worker"))) {
      return files.findFirst().orElseThrow();
    }
  }

  /** Delivered so often that it is judged alone. */
  private static Delivery delivery(long offset) {
    return new Delivery("judge-worker", new RecordPosition("t", 0, offset), 9, LIMIT);
  }
}
