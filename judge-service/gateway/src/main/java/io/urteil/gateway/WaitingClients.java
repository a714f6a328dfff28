package io.urteil.gateway;

import io.urteil.event.GroupOutcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * The clients that wait for groups at this gateway. Those whose time is over are removed.
 * Thread-safe.
 */
final class WaitingClients {

  private final Executor executor;
  private final Map<GroupName, Set<CompletableFuture<Optional<GroupOutcome>>>> waiting =
      new HashMap<>();
  private final Map<GroupName, List<OrderedWatcher>> watchers = new HashMap<>();

  /**
   * @param executor completes the futures
   */
  WaitingClients(Executor executor) {
    this.executor = executor;
  }

  /** Completes when the group closes; empty when the time is over before. */
  CompletableFuture<Optional<GroupOutcome>> await(GroupName name, Duration atMost) {
    CompletableFuture<Optional<GroupOutcome>> outcome = new CompletableFuture<>();
    synchronized (this) {
      waiting.computeIfAbsent(name, missing -> new HashSet<>()).add(outcome);
    }
    var unused = outcome.whenComplete((closed, failure) -> remove(name, outcome));
    return outcome.completeOnTimeout(Optional.empty(), atMost.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void remove(
      GroupName name, CompletableFuture<Optional<GroupOutcome>> outcome) {
    Set<CompletableFuture<Optional<GroupOutcome>>> left = waiting.get(name);
    if (left != null && left.remove(outcome) && left.isEmpty()) {
      waiting.remove(name);
    }
  }

  /** The group has closed. */
  void closed(GroupName name, GroupOutcome outcome) {
    Set<CompletableFuture<Optional<GroupOutcome>>> clients;
    synchronized (this) {
      clients = waiting.remove(name);
    }
    if (clients != null) {
      clients.forEach(client -> client.completeAsync(() -> Optional.of(outcome), executor));
    }
  }

  /** Fails all clients. */
  void fail(RefusedException reason) {
    List<CompletableFuture<Optional<GroupOutcome>>> all;
    synchronized (this) {
      all = waiting.values().stream().flatMap(Set::stream).toList();
      waiting.clear();
    }
    all.forEach(client -> client.completeExceptionally(reason));
  }

  /** Groups that clients wait for. */
  synchronized int groups() {
    return waiting.size();
  }

  /** Adds a watcher of a group until the returned action is run. */
  synchronized Runnable watch(GroupName name, OrderedWatcher watcher) {
    watchers.computeIfAbsent(name, missing -> new CopyOnWriteArrayList<>()).add(watcher);
    return () -> unwatch(name, watcher);
  }

  private synchronized void unwatch(GroupName name, OrderedWatcher watcher) {
    List<OrderedWatcher> left = watchers.get(name);
    if (left != null && left.remove(watcher) && left.isEmpty()) {
      watchers.remove(name);
    }
  }

  /** The watchers of a group. */
  synchronized List<OrderedWatcher> watchers(GroupName name) {
    return watchers.getOrDefault(name, List.of());
  }
}
