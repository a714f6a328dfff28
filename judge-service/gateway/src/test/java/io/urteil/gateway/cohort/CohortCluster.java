package io.urteil.gateway.cohort;

import io.urteil.event.RewardRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** Gateways that share a topic and a clock, each of which reads when it is asked to. */
final class CohortCluster {

  static final CohortKey KEY = new CohortKey("run", "cohort/prompt");
  private static final Duration MEMORY = Duration.ofHours(1);
  private static final Duration TICK = Duration.ofMillis(200);

  record Logged(RewardRequest record, Instant time) {}

  /** A request of a client. */
  static final class Client {
    final String sample;
    final Node node;
    final Instant since;
    final CompletableFuture<Optional<List<CohortSlot>>> slots;
    boolean isOpen = true;

    private Client(String sample, Node node, Instant since) {
      this.sample = sample;
      this.node = node;
      this.since = since;
      this.slots =
          node.cohorts.join(KEY, node.rules, List.of(sample), () -> isOpen, Duration.ofMinutes(10));
    }

    Optional<CohortSlot> slot() {
      return slots.isDone() ? slots.join().map(List::getFirst) : Optional.empty();
    }
  }

  /** A gateway. */
  final class Node {
    final Cohorts cohorts;
    private final CohortRules rules;
    private int position;
    boolean alive = true;

    private Node(String id, CohortRules rules, int position) {
      this.rules = rules;
      this.position = position;
      this.cohorts =
          new Cohorts(id, this::publish, MEMORY, Runnable::run, () -> now, () -> nanos());
    }

    private CompletableFuture<?> publish(RewardRequest record) {
      if (alive) {
        log.add(new Logged(record, now));
      }
      return CompletableFuture.completedFuture(null);
    }

    void read(int most) {
      for (int i = 0; i < most && alive && position < log.size(); i++) {
        Logged next = log.get(position++);
        cohorts.apply(next.record(), next.time());
      }
    }
  }

  final List<Logged> log = new ArrayList<>();
  final List<Node> nodes = new ArrayList<>();
  final List<Client> clients = new ArrayList<>();
  Instant now = Instant.parse("2026-01-01T00:00:00Z");

  private long nanos() {
    return Duration.between(Instant.EPOCH, now).toNanos();
  }

  /** Starts a gateway, which reads the last hour of the topic. */
  Node start(int size, Duration wait) {
    int from = 0;
    while (from < log.size() && log.get(from).time().isBefore(now.minus(MEMORY))) {
      from++;
    }
    Node node = new Node("gateway-" + nodes.size(), new CohortRules(size, wait), from);
    nodes.add(node);
    node.read(Integer.MAX_VALUE);
    return node;
  }

  Client submit(Node node, String sample) {
    Client client = new Client(sample, node, now);
    clients.add(client);
    return client;
  }

  /** All gateways read everything, also what they write while they read. */
  void settle() {
    int before;
    do {
      before = log.size();
      nodes.forEach(node -> node.read(Integer.MAX_VALUE));
    } while (log.size() > before);
  }

  /** Time passes, with all gateways at work. */
  void pass(Duration time) {
    Instant end = now.plus(time);
    settle();
    while (now.isBefore(end)) {
      now = now.plus(TICK);
      nodes.stream().filter(node -> node.alive).forEach(node -> node.cohorts.formDue());
      settle();
    }
  }

  /** Clients whose gateway is alive and that still wait. */
  List<Client> waiting() {
    return clients.stream().filter(client -> client.node.alive && !client.slots.isDone()).toList();
  }

  /** The slots of a sample by the time of their record, for a reader of the complete topic. */
  SortedMap<Instant, CohortSlot> history(String sample) {
    PromptSamples reader = new PromptSamples();
    SortedMap<Instant, CohortSlot> slots = new TreeMap<>();
    for (Logged each : log) {
      Optional<CohortSlot> before = reader.slot(sample, each.time());
      reader.apply(each.record(), each.time(), 0, unwanted -> false);
      Optional<CohortSlot> after = reader.slot(sample, each.time());
      if (!after.equals(before)) {
        after.ifPresent(slot -> slots.put(each.time(), slot));
      }
    }
    return slots;
  }

  /** The slots that any client received, without repetition. */
  Set<CohortSlot> slots() {
    Set<CohortSlot> slots = new LinkedHashSet<>();
    clients.forEach(client -> client.slot().ifPresent(slots::add));
    return slots;
  }
}
