package io.urteil.gateway.cohort;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.urteil.event.RequestPhase;
import io.urteil.event.RequestedMember;
import io.urteil.event.RewardRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Forms cohorts of the samples that wait at the gateways of the namespace. The life of a request:
 *
 * <ol>
 *   <li>A record ARRIVED goes to the topic {@code requests}, with the identity of each sample and
 *       no text.
 *   <li>Every gateway reads it. When the samples of the prompt are enough for a cohort, the gateway
 *       of the last one writes a record FORMED, or after a second any gateway at which one of them
 *       waits. When they are not enough after the time to wait, each gateway at which one of them
 *       waits writes such a record.
 *   <li>The first of these records decides; see {@link PromptSamples}. The request completes.
 * </ol>
 *
 * <p>A request that is repeated at another gateway finds the slots of the first one, or waits for
 * them. Samples are forgotten after the window, and when there are too many of them. Thread-safe.
 */
public final class Cohorts {

  /** Of all prompts, in memory. */
  private static final int MAX_SAMPLES = 1_000_000;

  /** Time after which a gateway forms a complete cohort in place of the one whose turn it is. */
  private static final Duration TURN = Duration.ofSeconds(1);

  private final String gateway;
  private final Function<RewardRequest, CompletableFuture<?>> topic;
  private final Executor executor;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final Cache<CohortKey, PromptSamples> prompts;
  private final Map<CohortKey, WaitingSamples> waiting = new HashMap<>();
  private long sequence;

  /**
   * @param gateway id of this process, different from that of every other
   * @param topic publishes to {@code requests}, with the group id as key
   * @param memory time after its last record after which a prompt is forgotten
   * @param executor completes the requests
   */
  public Cohorts(
      String gateway,
      Function<RewardRequest, CompletableFuture<?>> topic,
      Duration memory,
      Executor executor) {
    this(gateway, topic, memory, executor, InstantSource.system(), System::nanoTime);
  }

  /**
   * @param clock of the broker, approximately
   * @param nanos clock of the waiting times
   */
  Cohorts(
      String gateway,
      Function<RewardRequest, CompletableFuture<?>> topic,
      Duration memory,
      Executor executor,
      InstantSource clock,
      LongSupplier nanos) {
    this.gateway = gateway;
    this.topic = topic;
    this.executor = executor;
    this.clock = clock;
    this.nanos = nanos;
    this.prompts =
        Caffeine.newBuilder()
            .maximumWeight(MAX_SAMPLES)
            .weigher((CohortKey key, PromptSamples samples) -> 1 + samples.held())
            .expireAfterWrite(memory)
            .build();
  }

  /**
   * Joins samples of one prompt to cohorts.
   *
   * @param samples their identities; equal ones are one member of a cohort
   * @param isOpen whether the client still waits
   * @param atMost how long to wait
   * @return completes with the slot of each sample, or empty when the time is over; exceptionally
   *     if the topic does not take the samples
   */
  public CompletableFuture<Optional<List<CohortSlot>>> join(
      CohortKey key,
      CohortRules rules,
      List<String> samples,
      BooleanSupplier isOpen,
      Duration atMost) {
    WaitingSamples.Request request = new WaitingSamples.Request(samples, isOpen);
    @Nullable RewardRequest arrival;
    synchronized (this) {
      @Nullable PromptSamples known = prompts.getIfPresent(key);
      Optional<List<CohortSlot>> slots = slots(known, samples, clock.instant());
      if (slots.isPresent()) {
        return CompletableFuture.completedFuture(slots);
      }
      List<String> arrivals =
          waiting.computeIfAbsent(key, missing -> new WaitingSamples()).add(request, rules).stream()
              .filter(sample -> known == null || known.slot(sample, clock.instant()).isEmpty())
              .toList();
      arrival = arrivals.isEmpty() ? null : record(key, RequestPhase.ARRIVED, arrivals);
    }
    var unused = request.slots().whenComplete((slots, failure) -> remove(key, request));
    if (arrival != null) {
      publish(arrival, failure -> request.slots().completeExceptionally(failure));
    }
    return request
        .slots()
        .completeOnTimeout(Optional.empty(), atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void remove(CohortKey key, WaitingSamples.Request request) {
    @Nullable WaitingSamples own = waiting.get(key);
    if (own != null && own.remove(request)) {
      waiting.remove(key);
    }
  }

  /**
   * Applies a record of the topic, in its order.
   *
   * @param time of the record in the log
   */
  public void apply(RewardRequest record, Instant time) {
    CohortKey key = new CohortKey(record.getRunId(), record.getGroupId());
    boolean isOwn = record.getGateway().equals(gateway);
    List<Runnable> placed = new ArrayList<>();
    @Nullable RewardRequest formed = null;
    synchronized (this) {
      PromptSamples samples =
          Optional.ofNullable(prompts.getIfPresent(key)).orElseGet(PromptSamples::new);
      @Nullable WaitingSamples own = waiting.get(key);
      samples.apply(record, time, nanos.getAsLong(), sample -> own != null && own.contains(sample));
      prompts.put(key, samples);
      if (own != null) {
        if (isOwn && record.getPhase() == RequestPhase.FORMED) {
          own.setForming(false);
        }
        for (WaitingSamples.Request request : own.requests()) {
          Optional<List<CohortSlot>> slots = slots(samples, request.samples(), time);
          if (slots.isPresent()) {
            placed.add(() -> request.slots().complete(slots));
          }
        }
        formed = formed(key, samples, own, isOwn);
      }
    }
    placed.forEach(executor::execute);
    form(key, formed);
  }

  /** Forms the cohorts whose time has come. To be called several times a second. */
  public void formDue() {
    Map<CohortKey, RewardRequest> due = new HashMap<>();
    synchronized (this) {
      waiting.forEach(
          (key, own) -> {
            @Nullable PromptSamples samples = prompts.getIfPresent(key);
            @Nullable RewardRequest formed =
                samples == null ? null : formed(key, samples, own, false);
            if (formed != null) {
              due.put(key, formed);
            }
          });
    }
    due.forEach(this::form);
  }

  /** The record that is to be written now; null for none. */
  private @Nullable RewardRequest formed(
      CohortKey key, PromptSamples samples, WaitingSamples own, boolean isTurn) {
    boolean isWanted =
        own.requests().stream()
            .anyMatch(request -> request.samples().stream().anyMatch(samples::isWaiting));
    if (own.isForming() || !isWanted) {
      return null;
    }
    long now = nanos.getAsLong();
    CohortRules rules = own.rules();
    boolean isDue =
        now - samples.firstReadNanos() >= rules.longestWait().toNanos()
            || (samples.isComplete(rules.size())
                && (isTurn || now - samples.lastReadNanos() >= TURN.toNanos()));
    if (!isDue) {
      return null;
    }
    own.setForming(true);
    return record(key, RequestPhase.FORMED, samples.next(rules.size()));
  }

  private void form(CohortKey key, @Nullable RewardRequest formed) {
    if (formed != null) {
      publish(formed, failure -> notForming(key));
    }
  }

  private void publish(RewardRequest record, Consumer<Throwable> onFailure) {
    CompletableFuture<?> sent;
    try {
      sent = topic.apply(record);
    } catch (RuntimeException e) {
      sent = CompletableFuture.failedFuture(e);
    }
    var unused =
        sent.whenComplete(
            (acknowledged, failure) -> {
              if (failure != null) {
                onFailure.accept(failure);
              }
            });
  }

  private synchronized void notForming(CohortKey key) {
    @Nullable WaitingSamples own = waiting.get(key);
    if (own != null) {
      own.setForming(false);
    }
  }

  /** Fails all requests. */
  public void fail(RuntimeException reason) {
    List<WaitingSamples.Request> all;
    synchronized (this) {
      all = waiting.values().stream().flatMap(own -> own.requests().stream()).toList();
    }
    all.forEach(request -> request.slots().completeExceptionally(reason));
  }

  /** The slots of all these samples at this time; empty if one has none. */
  private static Optional<List<CohortSlot>> slots(
      @Nullable PromptSamples known, List<String> samples, Instant time) {
    if (known == null) {
      return Optional.empty();
    }
    List<CohortSlot> slots = new ArrayList<>();
    samples.forEach(sample -> known.slot(sample, time).ifPresent(slots::add));
    return slots.size() == samples.size() ? Optional.of(slots) : Optional.empty();
  }

  private RewardRequest record(CohortKey key, RequestPhase phase, List<String> samples) {
    List<RequestedMember> members = new ArrayList<>();
    for (String sample : samples) {
      members.add(
          RequestedMember.newBuilder().setArm("").setIndex(members.size()).setHash(sample).build());
    }
    return RewardRequest.newBuilder()
        .setRunId(key.run())
        .setGroupId(key.id())
        .setPhase(phase)
        .setGateway(gateway)
        .setSequence(++sequence)
        .setSamplesPerArm(phase == RequestPhase.FORMED ? samples.size() : 0)
        .setMembers(members)
        .setCreatedAt(clock.instant())
        .build();
  }
}
