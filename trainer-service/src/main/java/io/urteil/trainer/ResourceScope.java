package io.urteil.trainer;

import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what was opened, newest first, unless the opening succeeded as a whole. */
final class ResourceScope implements AutoCloseable {

  private final Deque<AutoCloseable> resources = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T resource) {
    resources.push(resource);
    return resource;
  }

  /** The resources have an owner now. */
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
