package io.urteil.gateway.cohort;

import io.urteil.event.ContentHash;
import io.urteil.event.RequestedMember;
import io.urteil.event.RewardRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The samples of one prompt in the topic {@code requests}. The life of a sample:
 *
 * <ol>
 *   <li>A record ARRIVED names it: it is waiting.
 *   <li>The first record FORMED that names it places it in a cohort, if all the samples that the
 *       record names are still without one. Otherwise the record has no effect.
 *   <li>After the window it is forgotten: the same content is then another sample.
 * </ol>
 *
 * <p>Only FORMED records decide, so that gateways agree that began to read at different times, or
 * differ in their rules. Arrivals show when to write such a record. Not thread-safe.
 */
final class PromptSamples {

  /** The same content is the same sample for this time: less than a gateway reads at its start. */
  static final Duration WINDOW = Duration.ofMinutes(55);

  /** Longer than any wait for a cohort. */
  static final Duration LONGEST_WAITING = Duration.ofMinutes(5);

  private static final int ID_DIGITS = 40;

  /** A sample without a cohort. */
  private static final class Waiting {
    private final long readNanos;
    private final Map<String, Integer> requests = new HashMap<>();
    private Instant last;

    Waiting(Instant time, long readNanos) {
      this.last = time;
      this.readNanos = readNanos;
    }

    /**
     * Samples of this content. One gateway counts only requests that wait at the same time. The
     * same at two gateways may be one client that repeats its request.
     */
    int count() {
      return Collections.max(requests.values());
    }
  }

  private record Placed(CohortSlot slot, Instant formed) {
    boolean isKnown(Instant time) {
      return time.isBefore(formed.plus(WINDOW));
    }
  }

  private final SequencedMap<String, Waiting> waiting = new LinkedHashMap<>();
  private final SequencedMap<String, Placed> placed = new LinkedHashMap<>();
  private long lastReadNanos;

  /**
   * Applies a record of the topic, in its order.
   *
   * @param time of the record in the log
   * @param nanos when this process has read it
   * @param isWanted whether a client waits for a sample at this gateway; others are forgotten
   */
  void apply(RewardRequest record, Instant time, long nanos, Predicate<String> isWanted) {
    waiting
        .entrySet()
        .removeIf(
            sample ->
                !time.isBefore(sample.getValue().last.plus(LONGEST_WAITING))
                    && !isWanted.test(sample.getKey()));
    while (!placed.isEmpty() && !placed.firstEntry().getValue().isKnown(time)) {
      placed.pollFirstEntry();
    }
    List<String> samples = record.getMembers().stream().map(RequestedMember::getHash).toList();
    switch (record.getPhase()) {
      case ARRIVED -> samples.forEach(sample -> arrived(sample, record.getGateway(), time, nanos));
      case FORMED -> formed(samples, record, time);
      case CLAIMED, SENT, TAKEN_OVER, CANCELLED, UNKNOWN -> {}
    }
  }

  private void arrived(String sample, String gateway, Instant time, long nanos) {
    if (slot(sample, time).isPresent()) {
      return;
    }
    placed.remove(sample);
    Waiting known = waiting.computeIfAbsent(sample, added -> new Waiting(time, nanos));
    known.last = time;
    known.requests.merge(gateway, 1, Integer::sum);
    lastReadNanos = nanos;
  }

  private void formed(List<String> samples, RewardRequest record, Instant time) {
    boolean isVoid =
        samples.isEmpty()
            || new HashSet<>(samples).size() < samples.size()
            || samples.stream().anyMatch(sample -> slot(sample, time).isPresent());
    if (isVoid) {
      return;
    }
    String cohort =
        ContentHash.of(
                record.getGroupId() + "\n" + record.getGateway() + "\n" + record.getSequence())
            .substring(0, ID_DIGITS);
    int index = 0;
    for (String sample : samples) {
      waiting.remove(sample);
      placed.remove(sample);
      placed.put(sample, new Placed(new CohortSlot(cohort, index++, samples.size()), time));
    }
  }

  /** The slot of a sample at this time; empty if it has none. */
  Optional<CohortSlot> slot(String sample, Instant time) {
    @Nullable Placed known = placed.get(sample);
    return known == null || !known.isKnown(time) ? Optional.empty() : Optional.of(known.slot());
  }

  /** Whether the sample has arrived and has no cohort. */
  boolean isWaiting(String sample) {
    return waiting.containsKey(sample);
  }

  /** Whether the samples without a cohort are enough for one. */
  boolean isComplete(int size) {
    return waiting.values().stream().mapToInt(Waiting::count).sum() >= size;
  }

  /** The samples of the next cohort, in the order of their arrival. */
  List<String> next(int size) {
    List<String> samples = new ArrayList<>();
    int count = 0;
    for (Map.Entry<String, Waiting> each : waiting.entrySet()) {
      if (count < size) {
        samples.add(each.getKey());
        count += each.getValue().count();
      }
    }
    return samples;
  }

  /** When the first of the samples without a cohort was read. There is at least one. */
  long firstReadNanos() {
    return waiting.firstEntry().getValue().readNanos;
  }

  /** When the last arrival was read. */
  long lastReadNanos() {
    return lastReadNanos;
  }

  /** Samples that are held in memory. */
  int held() {
    return waiting.size() + placed.size();
  }
}
