package io.urteil.bench.gateway;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Clients of one tenant, each with one group of 8 open at any time. */
final class FloodingClients implements AutoCloseable {

  private static final int MEMBERS = 8;

  private final TenantClient client;
  private final AtomicLong answered = new AtomicLong();
  private final List<CompletableFuture<Void>> loops = new ArrayList<>();
  private volatile boolean running = true;

  FloodingClients(TenantClient client, int count) {
    this.client = client;
    for (int i = 0; i < count; i++) {
      loops.add(next());
    }
  }

  private CompletableFuture<Void> next() {
    return client
        .group(MEMBERS)
        .thenComposeAsync(
            response -> {
              answered.incrementAndGet();
              return running ? next() : CompletableFuture.completedFuture(null);
            });
  }

  /** Groups with rewards. */
  long answered() {
    return answered.get();
  }

  /** Waits for the open groups. */
  @Override
  public void close() {
    running = false;
    loops.forEach(CompletableFuture::join);
  }
}
