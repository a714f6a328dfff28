package io.urteil.worker.fair;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Decides whose work is next where several owners share a number of places. Each owner has a queue:
 *
 * <ol>
 *   <li>The next place goes to the queue that has the fewest places. Of equal ones, it goes to the
 *       queue that waits longest, which is the time since it last got a place or, if it was empty,
 *       since its first work came.
 *   <li>Within a queue, first come first served.
 *   <li>A place is free only if no work waits, or if the next work needs more places than are free.
 * </ol>
 *
 * <p>So an owner without a place gets one after at most one start of each other queue, and an owner
 * alone gets all places. The number of queues is bounded: with all of them in use, work of further
 * owners joins the queue that a hash of the owner's name selects. An owner keeps its queue as long
 * as it has work.
 *
 * <p>Not thread-safe; a pure state machine.
 *
 * @param <T> what is to be done when the work starts
 */
final class FairQueue<T> {

  private static final int MOST_QUEUES = 256;

  private final int mostQueues;
  private final List<Line<T>> lines = new ArrayList<>();
  private final Map<String, Owner<T>> owners = new HashMap<>();
  private int free;
  private long turns;

  /**
   * With up to 256 queues.
   *
   * @param places that can be held at the same time
   */
  FairQueue(int places) {
    this(places, MOST_QUEUES);
  }

  /**
   * @param places that can be held at the same time
   * @param mostQueues number of queues that is never exceeded
   */
  FairQueue(int places, int mostQueues) {
    this.free = places;
    this.mostQueues = mostQueues;
  }

  /** The queue of one owner, or of several that share it. */
  private static final class Line<T> {
    private final SequencedSet<Ticket<T>> waiting = new LinkedHashSet<>();
    private int held;
    private int tickets;
    private long since;
  }

  private static final class Owner<T> {
    private final String name;
    private final Line<T> line;
    private int tickets;

    Owner(String name, Line<T> line) {
      this.name = name;
      this.line = line;
    }
  }

  /** Work that waits for places or holds them. */
  static final class Ticket<T> {
    private final Owner<T> owner;
    private final int places;
    private final T start;

    private Ticket(Owner<T> owner, int places, T start) {
      this.owner = owner;
      this.places = places;
      this.start = start;
    }

    T start() {
      return start;
    }
  }

  /** Adds work that waits for this number of places. */
  Ticket<T> add(String owner, int places, T start) {
    Owner<T> known = owners.computeIfAbsent(owner, name -> new Owner<>(name, lineOf(name)));
    Line<T> line = known.line;
    if (line.waiting.isEmpty()) {
      line.since = turns++;
    }
    Ticket<T> ticket = new Ticket<>(known, places, start);
    known.tickets++;
    line.tickets++;
    line.waiting.add(ticket);
    return ticket;
  }

  private Line<T> lineOf(String owner) {
    if (lines.size() >= mostQueues) {
      return lines.get(Math.floorMod(owner.hashCode(), lines.size()));
    }
    Line<T> line = new Line<>();
    lines.add(line);
    return line;
  }

  /** The work that is next, if there is room for it. It holds its places from now on. */
  Optional<Ticket<T>> next() {
    @Nullable Line<T> first = null;
    for (Line<T> line : lines) {
      if (!line.waiting.isEmpty() && (first == null || isBefore(line, first))) {
        first = line;
      }
    }
    if (first == null || first.waiting.getFirst().places > free) {
      return Optional.empty();
    }
    Ticket<T> ticket = first.waiting.removeFirst();
    free -= ticket.places;
    first.held += ticket.places;
    first.since = turns++;
    return Optional.of(ticket);
  }

  private static boolean isBefore(Line<?> one, Line<?> other) {
    return one.held == other.held ? one.since < other.since : one.held < other.held;
  }

  /** The work has ended, or no longer waits. */
  void remove(Ticket<T> ticket) {
    Line<T> line = ticket.owner.line;
    if (!line.waiting.remove(ticket)) {
      free += ticket.places;
      line.held -= ticket.places;
    }
    if (--ticket.owner.tickets == 0) {
      owners.remove(ticket.owner.name);
    }
    if (--line.tickets == 0) {
      lines.remove(line);
    }
  }

  /** Number of queues with work. */
  int queues() {
    return lines.size();
  }
}
