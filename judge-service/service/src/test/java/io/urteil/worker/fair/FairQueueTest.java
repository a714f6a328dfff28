package io.urteil.worker.fair;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class FairQueueTest {

  private static final int MANY = 256;

  @Test
  void shouldGiveTheNextPlaceToTheOwnerWithTheFewest() {
    // Given
    Simulation work = new Simulation(4, MANY);
    work.add("flood", 10);
    work.start();

    // When
    work.add("calm", 3);
    work.endOldest();
    work.endOldest();
    work.endOldest();

    // Then
    assertThat(work.started)
        .containsExactly("flood", "flood", "flood", "flood", "calm", "calm", "flood");
  }

  @Test
  void shouldGiveALoneOwnerAllPlaces() {
    // Given
    Simulation work = new Simulation(3, MANY);

    // When
    work.add("only", 5);
    work.start();

    // Then
    assertThat(work.started).containsExactly("only", "only", "only");
  }

  @Test
  void shouldNotLetOwnersThatComeAndGoOvertake() {
    // Given
    Simulation work = new Simulation(1, MANY);
    work.add("first", 1);
    work.start();
    work.add("waiting", 1);

    // When
    work.add("later", 1);
    work.endOldest();
    work.add("evenLater", 1);
    work.endOldest();

    // Then
    assertThat(work.started).containsExactly("first", "waiting", "later");
  }

  @Test
  void shouldKeepRoomForWorkThatNeedsManyPlaces() {
    // Given
    FairQueue<Integer> queue = new FairQueue<>(2, MANY);
    FairQueue.Ticket<Integer> small = queue.add("small", 1, 0);
    assertThat(queue.next()).contains(small);
    FairQueue.Ticket<Integer> large = queue.add("large", 2, 0);
    FairQueue.Ticket<Integer> second = queue.add("small", 1, 0);

    // When
    Optional<FairQueue.Ticket<Integer>> whileOneIsFree = queue.next();
    queue.remove(small);

    // Then
    assertThat(whileOneIsFree).isEmpty();
    assertThat(queue.next()).contains(large);
    queue.remove(large);
    assertThat(queue.next()).contains(second);
  }

  @Test
  void shouldForgetWorkThatNoLongerWaits() {
    // Given
    FairQueue<Integer> queue = new FairQueue<>(1, MANY);
    FairQueue.Ticket<Integer> running = queue.add("a", 1, 0);
    assertThat(queue.next()).contains(running);
    FairQueue.Ticket<Integer> cancelled = queue.add("b", 1, 0);
    FairQueue.Ticket<Integer> next = queue.add("c", 1, 0);

    // When
    queue.remove(cancelled);
    queue.remove(running);

    // Then
    assertThat(queue.next()).contains(next);
    queue.remove(next);
    assertThat(queue.queues()).isZero();
  }

  @Property(tries = 500)
  void shouldKeepItsPromisesWhateverTheOwnersDo(
      @ForAll("steps") List<Step> steps, @ForAll("sizes") int places, @ForAll("sizes") int queues) {
    // Given
    Simulation work = new Simulation(places, queues);

    // When
    for (Step step : steps) {
      work.apply(step);

      // Then
      work.start();
      work.assertNoPlaceIsIdle();
      assertThat(work.queue.queues()).isLessThanOrEqualTo(queues);
    }
    work.drain();
    assertThat(work.queue.queues()).isZero();
  }

  /** With a queue for each owner. */
  @Property(tries = 500)
  void shouldMakeNoOwnerWaitForMoreThanOneStartOfEachOther(
      @ForAll("steps") List<Step> steps, @ForAll("sizes") int places) {
    // Given
    Simulation work = new Simulation(places, MANY);
    work.fair = true;

    // When
    for (Step step : steps) {
      work.apply(step);

      // Then
      work.start();
    }
    work.drain();
  }

  private enum Kind {
    ADD,
    END,
    CANCEL
  }

  private record Step(Kind kind, int owner) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<Kind> kinds =
        Arbitraries.of(Kind.ADD, Kind.ADD, Kind.ADD, Kind.END, Kind.END, Kind.CANCEL);
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 7))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(120);
  }

  @Provide
  Arbitrary<Integer> sizes() {
    return Arbitraries.integers().between(1, 6);
  }

  /** Work of owners in the queue, and a second account of who has what. */
  private static final class Simulation {
    private final FairQueue<Integer> queue;
    private final int places;
    private final List<String> started = new ArrayList<>();
    private final Map<FairQueue.Ticket<Integer>, String> running = new LinkedHashMap<>();
    private final Map<String, List<FairQueue.Ticket<Integer>>> waiting = new HashMap<>();
    private final Map<String, Map<String, Integer>> startsWhileWaiting = new HashMap<>();
    private boolean fair;

    Simulation(int places, int queues) {
      this.places = places;
      this.queue = new FairQueue<>(places, queues);
    }

    void apply(Step step) {
      switch (step.kind()) {
        case ADD -> add("owner-" + step.owner(), 1);
        case END -> end(step.owner());
        case CANCEL -> cancel(step.owner());
      }
    }

    void add(String owner, int count) {
      for (int i = 0; i < count; i++) {
        List<FairQueue.Ticket<Integer>> own =
            waiting.computeIfAbsent(owner, name -> new ArrayList<>());
        if (own.isEmpty()) {
          startsWhileWaiting.put(owner, new HashMap<>());
        }
        own.add(queue.add(owner, 1, 0));
      }
    }

    void start() {
      for (var next = queue.next(); next.isPresent(); next = queue.next()) {
        FairQueue.Ticket<Integer> ticket = next.get();
        String owner =
            waiting.entrySet().stream()
                .filter(entry -> entry.getValue().contains(ticket))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
        assertThat(requireNonNull(waiting.get(owner)).removeFirst())
            .as("order within an owner")
            .isSameAs(ticket);
        if (fair) {
          assertFair(owner);
        }
        started.add(owner);
        running.put(ticket, owner);
        assertThat(running.size()).isLessThanOrEqualTo(places);
      }
    }

    private void assertFair(String owner) {
      Set<String> others = new HashSet<>();
      waiting.forEach(
          (other, tickets) -> {
            if (!tickets.isEmpty() && !other.equals(owner)) {
              others.add(other);
            }
          });
      for (String other : others) {
        assertThat(held(owner)).as("places of the next").isLessThanOrEqualTo(held(other));
        if (held(other) == 0) {
          assertThat(requireNonNull(startsWhileWaiting.get(other)).merge(owner, 1, Integer::sum))
              .as("starts of %s while %s waits without a place", owner, other)
              .isEqualTo(1);
        }
      }
      startsWhileWaiting.put(owner, new HashMap<>());
    }

    private long held(String owner) {
      return running.values().stream().filter(owner::equals).count();
    }

    void assertNoPlaceIsIdle() {
      boolean someWait = waiting.values().stream().anyMatch(tickets -> !tickets.isEmpty());
      assertThat(running.size() == places || !someWait).as("work-conserving").isTrue();
    }

    void endOldest() {
      end(0);
      start();
    }

    void end(int number) {
      if (!running.isEmpty()) {
        FairQueue.Ticket<Integer> ticket =
            new ArrayList<>(running.keySet()).get(number % running.size());
        running.remove(ticket);
        queue.remove(ticket);
      }
    }

    void cancel(int number) {
      List<FairQueue.Ticket<Integer>> own =
          waiting.getOrDefault("owner-" + number, new ArrayList<>());
      if (!own.isEmpty()) {
        queue.remove(own.removeLast());
      }
    }

    void drain() {
      start();
      while (!running.isEmpty()) {
        endOldest();
      }
      assertThat(waiting.values()).allMatch(List::isEmpty);
    }
  }
}
