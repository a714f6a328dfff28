package io.urteil.gateway;

import io.urteil.event.GroupOutcome;
import org.jspecify.annotations.Nullable;

/** Passes each judgement once, in order, and nothing after the outcome. Thread-safe. */
final class OrderedWatcher implements GroupWatcher {

  private final GroupWatcher watcher;
  private long last;
  private boolean ended;

  OrderedWatcher(long after, GroupWatcher watcher) {
    this.last = after;
    this.watcher = watcher;
  }

  @Override
  public synchronized void judged(
      long position, String arm, int index, String judge, String status, @Nullable String error) {
    if (position > last && !ended) {
      last = position;
      watcher.judged(position, arm, index, judge, status, error);
    }
  }

  @Override
  public synchronized void closed(GroupOutcome outcome) {
    if (!ended) {
      ended = true;
      watcher.closed(outcome);
    }
  }
}
