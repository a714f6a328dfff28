package io.urteil.service;

import io.urteil.event.ServiceComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Components of one process: started in order, watched until the process is stopped, all of them
 * have finished or one breaks, and closed in the opposite order. For one thread.
 */
public final class ComponentRunner implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ComponentRunner.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final List<ServiceComponent> components;
  private final List<ServiceComponent> started = new ArrayList<>();
  private final Set<String> waiting = new HashSet<>();

  public ComponentRunner(List<? extends ServiceComponent> components) {
    this.components = List.copyOf(components);
  }

  /**
   * Starts all in order. Called once; after an exception those that were started are to be closed.
   */
  public void start() {
    for (ServiceComponent component : components) {
      component.start();
      started.add(component);
    }
  }

  /**
   * Returns when {@code stopping} is counted down or every component has finished.
   *
   * @throws RuntimeException what broke a component
   */
  public void awaitEnd(CountDownLatch stopping) {
    try {
      while (!stopping.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
        if (isFinished()) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isFinished() {
    boolean finished = true;
    for (ServiceComponent component : components) {
      switch (component.health()) {
        case ServiceComponent.Health.Running() -> {
          finished = false;
          waiting.remove(component.name());
        }
        case ServiceComponent.Health.Waiting(String reason) -> {
          finished = false;
          if (waiting.add(component.name())) {
            LOGGER.atWarn().addKeyValue("component", component.name()).log("waiting: {}", reason);
          }
        }
        case ServiceComponent.Health.Finished(String _) -> {}
        case ServiceComponent.Health.Broken(Throwable cause) -> throw broken(component, cause);
      }
    }
    return finished;
  }

  private static RuntimeException broken(ServiceComponent component, Throwable cause) {
    return new IllegalStateException(component.name() + " stopped: " + cause.getMessage(), cause);
  }

  /** Closes what was started, the last one first. */
  @Override
  public void close() {
    started.reversed().forEach(ServiceComponent::close);
    started.clear();
  }
}
