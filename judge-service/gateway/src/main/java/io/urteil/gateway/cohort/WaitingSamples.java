package io.urteil.gateway.cohort;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The requests for one prompt that wait at this gateway. Not thread-safe. */
final class WaitingSamples {

  /**
   * Samples of a client.
   *
   * @param isOpen whether it still waits
   * @param slots completes when all samples have one
   */
  record Request(
      List<String> samples,
      BooleanSupplier isOpen,
      CompletableFuture<Optional<List<CohortSlot>>> slots) {

    Request(List<String> samples, BooleanSupplier isOpen) {
      this(List.copyOf(samples), isOpen, new CompletableFuture<>());
    }

    private int count(String sample) {
      return Math.toIntExact(samples.stream().filter(sample::equals).count());
    }
  }

  private final List<Request> requests = new ArrayList<>();
  private final Map<String, Integer> arrivals = new HashMap<>();
  private @Nullable CohortRules rules;
  private boolean forming;

  /**
   * Adds a request.
   *
   * @return the arrivals to publish. A client that repeats a request after it has closed its
   *     connection is no second sample; one of equal content that waits beside it is.
   */
  List<String> add(Request request, CohortRules current) {
    rules = current;
    requests.add(request);
    List<String> published = new ArrayList<>();
    for (String sample : request.samples().stream().distinct().toList()) {
      int open =
          requests.stream()
              .filter(each -> each == request || each.isOpen().getAsBoolean())
              .mapToInt(each -> each.count(sample))
              .sum();
      int before = arrivals.getOrDefault(sample, 0);
      for (int i = before; i < open; i++) {
        published.add(sample);
      }
      arrivals.put(sample, Math.max(before, open));
    }
    return published;
  }

  /**
   * Removes a request.
   *
   * @return whether no other is left
   */
  boolean remove(Request request) {
    requests.removeIf(each -> each == request);
    for (String sample : request.samples()) {
      int left = requests.stream().mapToInt(each -> each.count(sample)).sum();
      arrivals.computeIfPresent(sample, (key, count) -> left == 0 ? null : Math.min(count, left));
    }
    return requests.isEmpty();
  }

  /** Whether a request for this sample waits. */
  boolean contains(String sample) {
    return arrivals.containsKey(sample);
  }

  List<Request> requests() {
    return requests;
  }

  /** The rules of the last request. */
  CohortRules rules() {
    return Objects.requireNonNull(rules, "rules");
  }

  /** Whether a record FORMED by this gateway is on its way. */
  boolean isForming() {
    return forming;
  }

  void setForming(boolean underway) {
    this.forming = underway;
  }
}
