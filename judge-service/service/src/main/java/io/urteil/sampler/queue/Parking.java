package io.urteil.sampler.queue;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Decides which waiting prompts of all runs are held with their records, and which are parked. If
 * more wait than may be held, the last one of the run with the most is parked: a run that waits for
 * long leaves room for the others. Used by the sampling thread only.
 */
public final class Parking {

  /** Parked prompts are read again in parts of what may be held. */
  private static final int CHUNKS = 4;

  private final OffsetTracker tracker;
  private final int most;
  private final long mostBytes = Runtime.getRuntime().maxMemory() / 16;

  /**
   * @param most waiting prompts of all runs that may be held with their records
   */
  public Parking(OffsetTracker tracker, int most) {
    this.tracker = tracker;
    this.most = most;
  }

  /**
   * A prompt waits.
   *
   * @param of the prompts of its run
   * @param all those of all runs
   */
  public void add(PendingPrompt pending, WaitingPrompts of, Collection<WaitingPrompts> all) {
    if (of.add(pending)) {
      parked(pending);
    }
    parkExcess(all);
  }

  private void parkExcess(Collection<WaitingPrompts> all) {
    while (isOverfull(all)) {
      all.stream()
          .max(Comparator.comparingInt(WaitingPrompts::loadedCount))
          .flatMap(WaitingPrompts::parkLast)
          .ifPresent(this::parked);
    }
  }

  private boolean isOverfull(Collection<WaitingPrompts> all) {
    int count = 0;
    long bytes = 0;
    for (WaitingPrompts of : all) {
      count += of.loadedCount();
      bytes += of.loadedBytes();
    }
    return count > 1 && (count > most || bytes > mostBytes);
  }

  private void parked(PendingPrompt pending) {
    tracker.parked(PromptReader.partition(pending.record()), pending.record().offset());
  }

  /** The first parked prompts of a run, to be read again; none while enough others are left. */
  public List<PendingPrompt> due(WaitingPrompts of) {
    int chunk = Math.max(1, most / CHUNKS);
    return of.hasParked() && of.loadedCount() <= chunk / 2
        ? of.firstParked(chunk, mostBytes / CHUNKS)
        : List.of();
  }

  /**
   * Parked prompts have been read again.
   *
   * @param loaded those whose records exist
   * @return the others; they no longer wait
   */
  public Collection<PendingPrompt> loaded(
      List<PendingPrompt> due,
      List<PendingPrompt> loaded,
      WaitingPrompts of,
      Collection<WaitingPrompts> all) {
    for (PendingPrompt pending : loaded) {
      if (of.load(pending)) {
        tracker.loaded(
            PromptReader.partition(pending.record()), pending.record().offset(), pending.bytes());
      }
    }
    of.parkLater().forEach(this::parked);
    parkExcess(all);
    TreeSet<PendingPrompt> deleted = new TreeSet<>(PendingPrompt.ORDER);
    deleted.addAll(due);
    loaded.forEach(deleted::remove);
    deleted.forEach(of::remove);
    return deleted;
  }
}
