package io.urteil.worker.crash;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.urteil.event.RecordPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The calls that were running when processes ended without closing their worker, from the journals
 * that they left in the data directory. Thread-safe.
 *
 * <p>A record that was judged at one crash is judged again with others of that crash, in at most 16
 * rounds: 16 records or fewer are each judged alone. One that was judged at two crashes is judged
 * alone. One that was judged alone at a crash, or that called {@code System.exit}, is rejected. One
 * that was judged without a crash is forgotten.
 */
final class CrashHistory {

  /** Prefix of the names of journals. */
  static final String PREFIX = "running-";

  /** Prefix of the names of journals that were found after a crash. */
  static final String CRASHED = "crashed-";

  private static final Logger LOGGER = LoggerFactory.getLogger(CrashHistory.class);
  private static final int ROUNDS = 16;
  private static final Duration ROUND = Duration.ofSeconds(15);
  private static final Duration ALONE = Duration.ofSeconds(60);
  private static final Duration KEPT = Duration.ofDays(7);

  private record Key(String component, RecordPosition position, long timestamp) {
    static Key of(Delivery delivery) {
      return new Key(delivery.component(), delivery.position(), delivery.timestamp());
    }

    static Key of(RunningCall call) {
      return new Key(call.component(), call.position(), call.timestamp());
    }
  }

  /** A call and its journal; without one in tests. */
  record Found(RunningCall call, @Nullable Path file, int line) {}

  private record Past(List<Found> calls) {
    int crashes() {
      return calls.size();
    }

    Optional<RunningCall> culprit() {
      return calls.stream()
          .map(Found::call)
          .filter(call -> call.state() != RunningCall.State.BESIDE)
          .findFirst();
    }
  }

  private final Map<Key, Past> records = new ConcurrentHashMap<>();
  private final int perRound;
  private final int deliveryLimit;

  private CrashHistory(List<Found> calls, int deliveryLimit) {
    this.deliveryLimit = deliveryLimit;
    calls.stream()
        .collect(Collectors.groupingBy(found -> Key.of(found.call())))
        .forEach((key, found) -> records.put(key, new Past(found)));
    long once =
        records.values().stream()
            .filter(past -> past.crashes() == 1 && past.culprit().isEmpty())
            .count();
    this.perRound = (int) Math.max(1, (once + ROUNDS - 1) / ROUNDS);
  }

  /** The history of these calls, for records that are delivered at most this number of times. */
  static CrashHistory of(List<RunningCall> calls, int deliveryLimit) {
    return new CrashHistory(
        calls.stream().map(call -> new Found(call, null, 0)).toList(), deliveryLimit);
  }

  /** Reads the journals of this directory whose processes have ended. */
  static CrashHistory read(Path directory, int deliveryLimit) throws IOException {
    List<Found> calls = new ArrayList<>();
    for (Path file : files(directory, PREFIX)) {
      if (!WorkJournal.isOpen(file)) {
        String name = file.getFileName().toString().substring(PREFIX.length());
        Path crashed = file.resolveSibling(CRASHED + name);
        Files.move(file, crashed);
        report(crashed, read(crashed));
      }
    }
    for (Path file : files(directory, CRASHED)) {
      List<Found> found = read(file);
      Instant modified = Files.getLastModifiedTime(file).toInstant();
      if (found.isEmpty() || modified.isBefore(Instant.now().minus(KEPT))) {
        Files.deleteIfExists(file);
      } else {
        calls.addAll(found);
      }
    }
    return new CrashHistory(calls, deliveryLimit);
  }

  private static List<Path> files(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> path.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  private static List<Found> read(Path file) throws IOException {
    List<Found> calls = new ArrayList<>();
    List<String> lines = new String(Files.readAllBytes(file), US_ASCII).lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      int line = i;
      RunningCall.parse(lines.get(i)).ifPresent(call -> calls.add(new Found(call, file, line)));
    }
    return calls;
  }

  private static void report(Path file, List<Found> calls) {
    if (!calls.isEmpty()) {
      LOGGER
          .atWarn()
          .addKeyValue("file", file)
          .addKeyValue("calls", calls.size())
          .addKeyValue("first", calls.getFirst().call().line())
          .log("the process of a judge worker ended while judges were running");
    }
  }

  /** The record was judged without a crash: it is removed from the journals. */
  void judged(Delivery delivery) {
    Past past = records.remove(Key.of(delivery));
    if (past == null) {
      return;
    }
    for (Found found : past.calls()) {
      try {
        if (found.file() != null) {
          WorkJournal.remove(found.file(), found.line());
        }
      } catch (IOException e) {
        LOGGER
            .atWarn()
            .addKeyValue("file", found.file())
            .addKeyValue("error", e.toString())
            .log("journal of a crash not changed");
      }
    }
  }

  /** How a delivered record must be judged. */
  Caution of(Delivery delivery) {
    Past past = records.get(Key.of(delivery));
    if (past == null) {
      // Perhaps judged at crashes of workers with other directories.
      return 2 * delivery.count() > deliveryLimit
          ? new Caution.Isolated(1, ALONE)
          : new Caution.None();
    }
    Optional<RunningCall> culprit = past.culprit();
    if (culprit.isPresent()) {
      return new Caution.Rejected(message(culprit.get()));
    }
    return past.crashes() > 1
        ? new Caution.Isolated(1, ALONE)
        : new Caution.Isolated(perRound, ROUND);
  }

  private static String message(RunningCall culprit) {
    return culprit.state() == RunningCall.State.EXIT
        ? "judge '%s' ended the worker's process by System.exit".formatted(culprit.judge())
        : "the worker's process ended while judge '%s' judged this record alone"
            .formatted(culprit.judge());
  }
}
