package io.urteil.worker.crash;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the record on which the process of a judge worker ended, and keeps its neighbours from
 * harm:
 *
 * <ol>
 *   <li>Every running call is a line of a {@link WorkJournal} in the data directory.
 *   <li>A journal that was not closed names the calls that were running when its process ended. The
 *       next worker in the directory reads it: see {@link CrashHistory}.
 *   <li>It judges these records in {@link Quarantine}. One on which the process ends once more,
 *       while nothing else was running, is the culprit and is rejected.
 *   <li>A call of {@code System.exit} is found in the shutdown that it causes; its record is
 *       rejected at the next start.
 * </ol>
 *
 * Thread-safe.
 */
public final class CrashGuard implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(CrashGuard.class);
  private static final String DIRECTORY = "judge-worker";

  private final CrashHistory history;
  private final @Nullable WorkJournal journal;
  private final Quarantine quarantine = new Quarantine();
  private final Set<Entry> running = ConcurrentHashMap.newKeySet();
  private final Thread shutdown = Thread.ofPlatform().name("crash-guard").unstarted(this::nameExit);

  private CrashGuard(CrashHistory history, @Nullable WorkJournal journal) {
    this.history = history;
    this.journal = journal;
    if (journal != null) {
      Runtime.getRuntime().addShutdownHook(shutdown);
    }
  }

  /**
   * Reads the journals of this data directory and starts another one. Where that is impossible, the
   * worker runs without.
   *
   * @param deliveryLimit maximum number of deliveries of a record
   */
  public static CrashGuard open(Path dataDirectory, int deliveryLimit) {
    Path directory = dataDirectory.toAbsolutePath().normalize().resolve(DIRECTORY);
    try {
      // The real path, since a file has one name in this process, and closing a second channel of
      // a journal would release its lock.
      Path real = Files.createDirectories(directory).toRealPath();
      CrashHistory history = CrashHistory.read(real, deliveryLimit);
      return new CrashGuard(history, WorkJournal.create(real, UUID.randomUUID() + ".txt"));
    } catch (IOException e) {
      LOGGER
          .atWarn()
          .addKeyValue("directory", directory)
          .addKeyValue("error", e.toString())
          .log("no journal of running judges; a record that ends the process cannot be named");
      return none(deliveryLimit);
    }
  }

  /** Without files: only records that were delivered often are isolated. */
  public static CrashGuard none(int deliveryLimit) {
    return new CrashGuard(CrashHistory.of(List.of(), deliveryLimit), null);
  }

  /** How this record must be judged. */
  public Caution caution(Delivery delivery) {
    return history.of(delivery);
  }

  /** The record was judged, and the process has not ended. */
  public void judged(Delivery delivery) {
    history.judged(delivery);
  }

  /**
   * Waits until a call about this record may start.
   *
   * @param judge run and name of the judge
   */
  public Entry enter(Delivery delivery, String judge) throws InterruptedException {
    Quarantine.Pass pass =
        history.of(delivery) instanceof Caution.Isolated isolation
            ? quarantine.enter(isolation)
            : quarantine.enter();
    return new Entry(delivery, judge, pass);
  }

  /** The permission of one call. */
  public final class Entry implements AutoCloseable {

    private enum Phase {
      WAITING,
      RUNNING,
      CLOSED
    }

    private final Delivery delivery;
    private final String judge;
    private final Quarantine.Pass pass;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);
    private volatile @Nullable Thread thread;
    private volatile int line;
    private boolean exits;

    private Entry(Delivery delivery, String judge, Quarantine.Pass pass) {
      this.delivery = delivery;
      this.judge = judge;
      this.pass = pass;
    }

    /** Calls the judge on this thread, and enters that into the journal. */
    public <T> T run(Callable<T> call) throws Exception {
      if (!phase.compareAndSet(Phase.WAITING, Phase.RUNNING)) {
        return call.call();
      }
      try {
        begin();
        return call.call();
      } finally {
        end();
      }
    }

    private void begin() {
      thread = Thread.currentThread();
      if (journal != null) {
        line = journal.enter(call(RunningCall.State.BESIDE));
        quarantine.observe(
            pass, () -> state(RunningCall.State.ALONE), () -> state(RunningCall.State.BESIDE));
        running.add(this);
      }
    }

    private void end() {
      running.remove(this);
      quarantine.leave(pass, this::leaveJournal);
    }

    private synchronized void leaveJournal() {
      if (journal != null && !exits) {
        journal.leave(line);
      }
    }

    private synchronized void state(RunningCall.State state) {
      exits |= state == RunningCall.State.EXIT;
      requireNonNull(journal).replace(line, call(state));
    }

    private RunningCall call(RunningCall.State state) {
      return new RunningCall(
          state, delivery.component(), delivery.position(), delivery.timestamp(), judge);
    }

    /** The caller no longer waits for the call. If it is still running, it counts until it ends. */
    @Override
    public void close() {
      if (phase.compareAndSet(Phase.WAITING, Phase.CLOSED)) {
        quarantine.leave(pass, () -> {});
      }
    }
  }

  /** On shutdown: enters the calls whose threads ended the process. */
  private void nameExit() {
    for (Entry entry : running) {
      Thread thread = entry.thread;
      if (thread != null && isExiting(thread)) {
        entry.state(RunningCall.State.EXIT);
        LOGGER
            .atError()
            .addKeyValue("judge", entry.judge)
            .addKeyValue("topic", entry.delivery.position().topic())
            .addKeyValue("partition", entry.delivery.position().partition())
            .addKeyValue("offset", entry.delivery.position().offset())
            .log("a judge ended the process by System.exit");
      }
    }
  }

  private static boolean isExiting(Thread thread) {
    for (StackTraceElement frame : thread.getStackTrace()) {
      if (frame.getClassName().equals("java.lang.Shutdown")) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void close() {
    if (journal == null) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(shutdown);
    } catch (IllegalStateException e) {
      LOGGER.atDebug().log("closed by the shutdown of the process");
    }
    try {
      journal.close();
    } catch (IOException e) {
      LOGGER
          .atWarn()
          .addKeyValue("error", e.toString())
          .log("journal of running judges not deleted");
    }
  }
}
