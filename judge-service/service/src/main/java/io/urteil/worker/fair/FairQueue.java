package io.urteil.worker.fair;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;

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
 */
final class FairQueue {

  private final int mostQueues;
  private final List<Line> lines = new ArrayList<>();
  private final Map<String, Owner> owners = new HashMap<>();
  private int free;
  private long turns;

  /**
   * @param places that can be held at the same time
   * @param mostQueues number of queues that is never exceeded
   */
  FairQueue(int places, int mostQueues) {
    this.free = places;
    this.mostQueues = mostQueues;
  }

  /** The queue of one owner, or of several that share it. */
  private static final class Line {
    private final SequencedSet<Ticket> waiting = new LinkedHashSet<>();
    private int held;
    private int tickets;
    private long since;
  }

  private static final class Owner {
    private final String name;
    private final Line line;
    private int tickets;

    Owner(String name, Line line) {
      this.name = name;
      this.line = line;
    }
  }

  /** Work that waits for places or holds them. */
  static final class Ticket {
    private final Owner owner;
    private final int places;

    private Ticket(Owner owner, int places) {
      this.owner = owner;
      this.places = places;
    }

    private Line line() {
      return owner.line;
    }
  }

  /** Adds work that waits for this number of places. */
  Ticket add(String owner, int places) {
    Owner known = owners.computeIfAbsent(owner, name -> new Owner(name, lineOf(name)));
    Line line = known.line;
    if (line.waiting.isEmpty()) {
      line.since = turns++;
    }
    Ticket ticket = new Ticket(known, places);
    known.tickets++;
    line.tickets++;
    line.waiting.add(ticket);
    return ticket;
  }

  private Line lineOf(String owner) {
    if (lines.size() >= mostQueues) {
      return lines.get(Math.floorMod(owner.hashCode(), lines.size()));
    }
    Line line = new Line();
    lines.add(line);
    return line;
  }

  /** The work that is next, if there is room for it. It holds its places from now on. */
  Optional<Ticket> next() {
    Line first = null;
    for (Line line : lines) {
      if (!line.waiting.isEmpty() && (first == null || isBefore(line, first))) {
        first = line;
      }
    }
    if (first == null || first.waiting.getFirst().places > free) {
      return Optional.empty();
    }
    Ticket ticket = first.waiting.removeFirst();
    free -= ticket.places;
    first.held += ticket.places;
    first.since = turns++;
    return Optional.of(ticket);
  }

  private static boolean isBefore(Line one, Line other) {
    return one.held == other.held ? one.since < other.since : one.held < other.held;
  }

  /** The work has ended, or no longer waits. */
  void remove(Ticket ticket) {
    Line line = ticket.line();
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
