package io.urteil.trainer;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes opened resources, newest first, unless all of them were opened. */
final class ResourceScope implements AutoCloseable {

  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /** Transfers the resources to their owner. */
  void keep() {
    resources.clear();
  }

  @Override
  public void close() {
    for (AutoCloseable resource : resources) {
      try {
        resource.close();
      } catch (Exception e) {
        throw new IllegalStateException("closing " + resource, e);
      }
    }
  }
}
