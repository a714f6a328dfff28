package io.urteil.gateway.cohort;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.RequestPhase;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.CompletableFuture;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class CohortsTest {

  private static final Duration WAIT = Duration.ofSeconds(20);
  private static final Duration TURN = Duration.ofSeconds(2);

  private final CohortCluster cluster = new CohortCluster();

  @Test
  void shouldFormACompleteCohortAtOnceInTheOrderOfTheTopic() {
    // Given
    CohortCluster.Node first = cluster.start(3, WAIT);
    CohortCluster.Node second = cluster.start(3, WAIT);

    // When
    CohortCluster.Client a = cluster.submit(first, "a");
    CohortCluster.Client b = cluster.submit(second, "b");
    CohortCluster.Client c = cluster.submit(first, "c");
    cluster.settle();

    // Then
    assertThat(List.of(a, b, c))
        .extracting(client -> client.slot().map(CohortSlot::index).orElse(-1))
        .containsExactly(0, 1, 2);
    assertThat(cluster.slots()).extracting(CohortSlot::cohort).containsOnly(cohort(a));
    assertThat(cluster.slots()).extracting(CohortSlot::size).containsOnly(3);
    assertThat(formed()).isEqualTo(1);
  }

  @Test
  void shouldFormACohortOfThoseThatCameAfterTheWait() {
    // Given
    CohortCluster.Node first = cluster.start(3, WAIT);
    CohortCluster.Client a = cluster.submit(first, "a");
    CohortCluster.Client b = cluster.submit(cluster.start(3, WAIT), "b");

    // When
    cluster.pass(WAIT.minusSeconds(1));
    boolean early = a.slot().isPresent();
    cluster.pass(Duration.ofSeconds(2));

    // Then
    assertThat(early).isFalse();
    assertThat(a.slot()).map(CohortSlot::size).contains(2);
    assertThat(cohort(b)).isEqualTo(cohort(a));
    CohortCluster.Client late = cluster.submit(first, "c");
    cluster.pass(WAIT.plus(TURN));
    assertThat(late.slot()).map(CohortSlot::size).contains(1);
    assertThat(cohort(late)).isNotEqualTo(cohort(a));
  }

  @Test
  void shouldGiveARepetitionTheSlotOfTheFirstRequestAtAnyGatewayAndAfterAKill() {
    // Given
    CohortCluster.Node killed = cluster.start(2, WAIT);
    CohortCluster.Client a = cluster.submit(killed, "a");
    CohortCluster.Client b = cluster.submit(killed, "b");
    cluster.settle();
    killed.alive = false;

    // When
    cluster.pass(Duration.ofMinutes(10));
    CohortCluster.Client again = cluster.submit(cluster.start(2, WAIT), "b");

    // Then
    assertThat(again.slot()).isEqualTo(b.slot()).isNotEqualTo(a.slot()).isPresent();
  }

  @Test
  void shouldFormTheCohortOfAKilledGatewayAtTheOneWhereAClientRepeatsItsRequest() {
    // Given
    CohortCluster.Node killed = cluster.start(2, WAIT);
    CohortCluster.Node other = cluster.start(2, WAIT);
    cluster.submit(killed, "a");
    cluster.submit(killed, "b");
    killed.alive = false;

    // When
    CohortCluster.Client a = cluster.submit(other, "a");
    cluster.pass(TURN);
    CohortCluster.Client b = cluster.submit(other, "b");

    // Then
    assertThat(a.slot()).map(CohortSlot::size).contains(2);
    assertThat(cohort(b)).isEqualTo(cohort(a));
  }

  @Test
  void shouldNotWaitForASampleWithTheTextOfAnotherThatWaitsAtTheSameGateway() {
    // Given
    CohortCluster.Node first = cluster.start(3, WAIT);

    // When
    CohortCluster.Client a = cluster.submit(first, "a");
    CohortCluster.Client same = cluster.submit(first, "a");
    CohortCluster.Client b = cluster.submit(cluster.start(3, WAIT), "b");
    cluster.settle();

    // Then
    assertThat(a.slot()).isEqualTo(same.slot()).map(CohortSlot::size).contains(2);
    assertThat(cohort(b)).isEqualTo(cohort(a));
  }

  @Test
  void shouldNotCountAClientTwiceThatRepeatsItsRequest() {
    // Given
    CohortCluster.Node first = cluster.start(3, WAIT);
    CohortCluster.Node second = cluster.start(3, WAIT);
    CohortCluster.Client gone = cluster.submit(first, "a");
    gone.isOpen = false;

    // When
    CohortCluster.Client here = cluster.submit(first, "a");
    CohortCluster.Client there = cluster.submit(second, "a");
    cluster.submit(second, "b");
    cluster.settle();
    boolean early = here.slot().isPresent();
    cluster.submit(first, "c");
    cluster.settle();

    // Then
    assertThat(early).isFalse();
    assertThat(here.slot()).isEqualTo(there.slot()).map(CohortSlot::size).contains(3);
  }

  @Test
  void shouldJudgeTheSameTextAgainAfterTheWindow() {
    // Given
    CohortCluster.Node node = cluster.start(2, WAIT);
    CohortCluster.Client a = cluster.submit(node, "a");
    cluster.pass(WAIT.plus(TURN));

    // When
    cluster.now = cluster.now.plus(PromptSamples.WINDOW);
    CohortCluster.Client again = cluster.submit(node, "a");
    cluster.pass(WAIT.plus(TURN));

    // Then
    assertThat(cohort(again)).isNotEqualTo(cohort(a));
  }

  @Test
  void shouldFailTheRequestWhoseSampleTheTopicDoesNotTake() {
    // Given
    Cohorts cohorts =
        new Cohorts(
            "gateway",
            record -> CompletableFuture.failedFuture(new IllegalStateException("no broker")),
            Duration.ofHours(1),
            Runnable::run);

    // When
    CompletableFuture<Optional<List<CohortSlot>>> slots =
        cohorts.join(CohortCluster.KEY, new CohortRules(2, WAIT), List.of("a"), () -> true, WAIT);

    // Then
    assertThat(slots).isCompletedExceptionally();
  }

  /** A step of a script; what the numbers select depends on the kind. */
  record Step(Kind kind, int which, int what) {}

  enum Kind {
    SUBMIT,
    REPEAT,
    READ,
    TICK,
    PASS,
    KILL,
    START
  }

  /**
   * Whatever clients and gateways do: every gateway that has read the topic has the same slots,
   * also one that has read only the last hour; each sample has one; no cohort is larger than the
   * rules allow; and no client waits longer than the rules allow.
   */
  @Property(tries = 500)
  void shouldAgreeOnOneSlotForEachSample(@ForAll("scripts") List<Step> script) {
    // Given
    CohortCluster cluster = new CohortCluster();
    cluster.start(4, WAIT);
    cluster.start(4, WAIT);

    // When
    for (Step step : script) {
      run(cluster, step);
    }
    if (cluster.nodes.stream().noneMatch(node -> node.alive)) {
      cluster.start(4, WAIT);
    }
    cluster.pass(WAIT.plus(TURN));

    // Then
    assertThat(cluster.waiting()).isEmpty();
    CohortCluster.Node late = cluster.start(4, WAIT);
    List<CohortCluster.Node> alive = cluster.nodes.stream().filter(node -> node.alive).toList();
    Map<String, Map<Integer, String>> cohorts = new HashMap<>();
    for (String sample :
        cluster.clients.stream().map(client -> client.sample).distinct().toList()) {
      SortedMap<Instant, CohortSlot> history = cluster.history(sample);
      assertThat(cluster.clients)
          .filteredOn(client -> client.sample.equals(sample) && client.slot().isPresent())
          .allSatisfy(client -> assertThat(history).containsValue(client.slot().orElseThrow()));
      for (Instant formed : history.keySet()) {
        assertThat(history.headMap(formed).tailMap(formed.minus(PromptSamples.WINDOW).plusNanos(1)))
            .isEmpty();
      }
      List<Optional<CohortSlot>> slots = new ArrayList<>();
      int before = cluster.log.size();
      alive.forEach(node -> slots.add(cluster.submit(node, sample).slot()));
      assertThat(slots).as(sample).containsOnly(slots.getFirst());
      assertThat(late.alive).isTrue();
      if (slots.getFirst().isPresent()) {
        assertThat(cluster.log).hasSize(before);
      }
    }
    cluster.clients.forEach(
        client ->
            client
                .slot()
                .ifPresent(
                    slot ->
                        cohorts
                            .computeIfAbsent(slot.cohort(), added -> new HashMap<>())
                            .merge(
                                slot.index(),
                                client.sample,
                                (one, other) -> one.equals(other) ? one : one + " and " + other)));
    assertThat(cohorts.values())
        .allSatisfy(members -> assertThat(members.values()).doesNotHaveDuplicates())
        .allSatisfy(members -> assertThat(members.values()).noneMatch(it -> it.contains(" and ")));
    assertThat(cluster.slots())
        .allSatisfy(slot -> assertThat(slot.size()).isBetween(1, 4))
        .allSatisfy(slot -> assertThat(slot.index()).isBetween(0, slot.size() - 1));
  }

  private static void run(CohortCluster cluster, Step step) {
    CohortCluster.Node node = cluster.nodes.get(step.which() % cluster.nodes.size());
    switch (step.kind()) {
      case SUBMIT -> {
        if (node.alive) {
          cluster.submit(node, "text-" + step.what() % 12);
        }
      }
      case REPEAT -> {
        if (!cluster.clients.isEmpty() && node.alive) {
          CohortCluster.Client client = cluster.clients.get(step.what() % cluster.clients.size());
          client.isOpen = false;
          cluster.submit(node, client.sample);
        }
      }
      case READ -> node.read(1 + step.what() % 4);
      case TICK -> {
        cluster.now = cluster.now.plusMillis(200);
        if (node.alive) {
          node.cohorts.formDue();
        }
      }
      case PASS -> cluster.pass(Duration.ofSeconds(1 + step.what() % 30));
      case KILL -> node.alive = false;
      case START -> {
        // Gateways at work read within seconds; the window is shorter than their memory by minutes.
        cluster.pass(Duration.ofSeconds(1));
        cluster.now = cluster.now.plus(Duration.ofMinutes(step.what() % 40));
        cluster.start(4, WAIT);
      }
    }
  }

  @Provide
  Arbitrary<List<Step>> scripts() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(10, Kind.SUBMIT),
            Tuple.of(4, Kind.REPEAT),
            Tuple.of(8, Kind.READ),
            Tuple.of(4, Kind.TICK),
            Tuple.of(2, Kind.PASS),
            Tuple.of(1, Kind.KILL),
            Tuple.of(1, Kind.START));
    return Combinators.combine(
            kinds, Arbitraries.integers().between(0, 11), Arbitraries.integers().between(0, 99))
        .as(Step::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  private long formed() {
    return cluster.log.stream()
        .filter(logged -> logged.record().getPhase() == RequestPhase.FORMED)
        .count();
  }

  private static String cohort(CohortCluster.Client client) {
    return client.slot().map(CohortSlot::cohort).orElse("none");
  }
}
