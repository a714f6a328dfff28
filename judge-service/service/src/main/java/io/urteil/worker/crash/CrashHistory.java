package io.urteil.worker.crash;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.urteil.event.RecordPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
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

  /**
   * A call that was running at a crash.
   *
   * @param crash name of the journal: there is one for each crash
   */
  private record Found(RunningCall call, String crash, Optional<Line> line) {}

  /** Where a call is in a file. */
  private record Line(Path file, long at, int length) {}

  private record Past(List<Found> calls) {
    /** Number of crashes; at each of them several judges may have judged the record. */
    long crashes() {
      return calls.stream().map(Found::crash).distinct().count();
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

  /**
   * The history of these crashes.
   *
   * @param crashes the calls that were running at each
   * @param deliveryLimit maximum number of deliveries of a record
   */
  static CrashHistory of(List<List<RunningCall>> crashes, int deliveryLimit) {
    List<Found> calls = new ArrayList<>();
    for (int i = 0; i < crashes.size(); i++) {
      String crash = "crash %d".formatted(i);
      crashes.get(i).forEach(call -> calls.add(new Found(call, crash, Optional.empty())));
    }
    return new CrashHistory(calls, deliveryLimit);
  }

  /**
   * Reads the journals of this directory whose processes have ended. Many workers may do so at the
   * same time, also while others start, end or die: see {@link WorkJournal}.
   *
   * @param directory its real path
   */
  static CrashHistory read(Path directory, int deliveryLimit) throws IOException {
    List<Found> calls = new ArrayList<>();
    for (Path file : files(directory, WorkJournal.RUNNING)) {
      Optional<Path> taken = WorkJournal.take(file);
      if (taken.isPresent()) {
        report(taken.get(), read(taken.get()));
      }
    }
    for (Path file : files(directory, WorkJournal.CRASHED)) {
      List<Found> found = read(file);
      if (found.isEmpty() || isOld(file)) {
        Files.deleteIfExists(file);
      } else {
        calls.addAll(found);
      }
    }
    for (Path file : files(directory, WorkJournal.NEW)) {
      if (isOld(file)) {
        Files.deleteIfExists(file);
      }
    }
    return new CrashHistory(calls, deliveryLimit);
  }

  private static boolean isOld(Path file) throws IOException {
    try {
      Instant modified = Files.getLastModifiedTime(file).toInstant();
      return modified.isBefore(Instant.now().minus(KEPT));
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private static List<Path> files(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> path.getFileName().toString().startsWith(prefix))
          .sorted()
          .toList();
    }
  }

  /** The calls in a journal; none if another worker has deleted it. */
  private static List<Found> read(Path file) throws IOException {
    byte[] content;
    try {
      content = Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      return List.of();
    }
    String crash = file.getFileName().toString();
    List<Found> calls = new ArrayList<>();
    int begin = 0;
    for (int end = 0; end <= content.length; end++) {
      if (end == content.length || content[end] == '\n') {
        Line line = new Line(file, begin, end - begin);
        RunningCall.parse(new String(content, begin, end - begin, UTF_8))
            .ifPresent(call -> calls.add(new Found(call, crash, Optional.of(line))));
        begin = end + 1;
      }
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
    past.calls().stream().flatMap(found -> found.line().stream()).forEach(CrashHistory::remove);
  }

  private static void remove(Line line) {
    try {
      WorkJournal.remove(line.file(), line.at(), line.length());
    } catch (IOException e) {
      LOGGER
          .atWarn()
          .addKeyValue("file", line.file())
          .addKeyValue("error", e.toString())
          .log("journal of a crash not changed");
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
