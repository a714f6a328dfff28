package io.urteil.sampler.queue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The waiting prompts of one run, in the order in which they are sampled. The first of them have
 * their records; the others are parked: only their positions are held, and their records are read
 * again when their turn comes. So a run that waits for long takes no room from other runs. Used by
 * the sampling thread only.
 */
public final class WaitingPrompts {

  /** Each of them is before each parked one. */
  private final TreeSet<PendingPrompt> loaded = new TreeSet<>(PendingPrompt.ORDER);

  private final TreeSet<PendingPrompt> parked = new TreeSet<>(PendingPrompt.ORDER);
  private long loadedBytes;

  /**
   * Adds a prompt with its record. Without effect if it is waiting already.
   *
   * @return whether it is parked, because another one before it is
   */
  public boolean add(PendingPrompt pending) {
    if (!parked.isEmpty() && PendingPrompt.ORDER.compare(pending, parked.first()) >= 0) {
      parked.add(pending.parked());
      return true;
    }
    if (loaded.add(pending)) {
      loadedBytes += pending.bytes();
    }
    return false;
  }

  /** Parks the last prompt that has its record; empty if none has. */
  public Optional<PendingPrompt> parkLast() {
    PendingPrompt last = loaded.pollLast();
    if (last == null) {
      return Optional.empty();
    }
    loadedBytes -= last.bytes();
    parked.add(last.parked());
    return Optional.of(last);
  }

  /**
   * The first parked prompts.
   *
   * @param most their number at most; at least one is returned if any is parked
   * @param mostBytes of their records together, if they are more than one
   */
  public List<PendingPrompt> firstParked(int most, long mostBytes) {
    List<PendingPrompt> first = new ArrayList<>();
    long bytes = 0;
    for (PendingPrompt pending : parked) {
      bytes += pending.bytes();
      if (!first.isEmpty() && (first.size() >= most || bytes > mostBytes)) {
        break;
      }
      first.add(pending);
    }
    return first;
  }

  /**
   * A parked prompt has its record again. Call {@link #parkLater} after all of them.
   *
   * @return false if it no longer waits
   */
  public boolean load(PendingPrompt pending) {
    if (!parked.remove(pending)) {
      return false;
    }
    loaded.add(pending);
    loadedBytes += pending.bytes();
    return true;
  }

  /** Parks the loaded prompts after the first parked one, and returns them. */
  public List<PendingPrompt> parkLater() {
    List<PendingPrompt> later = new ArrayList<>();
    while (!loaded.isEmpty()
        && !parked.isEmpty()
        && PendingPrompt.ORDER.compare(loaded.last(), parked.first()) > 0) {
      parkLast().ifPresent(later::add);
    }
    return later;
  }

  /** Removes a prompt. */
  public void remove(PendingPrompt pending) {
    if (loaded.remove(pending)) {
      loadedBytes -= pending.bytes();
    } else {
      parked.remove(pending);
    }
  }

  /** Removes all prompts to which this applies. */
  public void removeIf(Predicate<PendingPrompt> isRemoved) {
    removeIf(loaded, isRemoved).forEach(removed -> loadedBytes -= removed.bytes());
    removeIf(parked, isRemoved);
  }

  private static Collection<PendingPrompt> removeIf(
      TreeSet<PendingPrompt> prompts, Predicate<PendingPrompt> isRemoved) {
    List<PendingPrompt> removed = new ArrayList<>();
    for (Iterator<PendingPrompt> each = prompts.iterator(); each.hasNext(); ) {
      PendingPrompt pending = each.next();
      if (isRemoved.test(pending)) {
        each.remove();
        removed.add(pending);
      }
    }
    return removed;
  }

  /** The prompts that have their records, in order; a view. */
  public Iterable<PendingPrompt> loaded() {
    return Collections.unmodifiableSet(loaded);
  }

  public int loadedCount() {
    return loaded.size();
  }

  /** Bytes of the records of the loaded prompts. */
  public long loadedBytes() {
    return loadedBytes;
  }

  public boolean hasParked() {
    return !parked.isEmpty();
  }

  /** The number of all prompts. */
  public int size() {
    return loaded.size() + parked.size();
  }
}
