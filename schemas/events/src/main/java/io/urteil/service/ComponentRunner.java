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
 * Runs the components of one process: starts them in order, monitors them until the process is
 * stopped, all have finished or one has failed, and closes them in reverse order. Not thread-safe.
 */
public final class ComponentRunner implements AutoCloseable {

  private static final Logger LOGGER = LoggerFactory.getLogger(ComponentRunner.class);
  private static final Duration CHECK_INTERVAL = Duration.ofMillis(200);

  private final List<ServiceComponent> components;
  private final List<ServiceComponent> started = new ArrayList<>();
  private final Set<String> blocked = new HashSet<>();

  public ComponentRunner(List<? extends ServiceComponent> components) {
    this.components = List.copyOf(components);
  }

  /** Starts all components in order. Called once; after an exception the caller must close this. */
  public void start() {
    for (ServiceComponent component : components) {
      component.start();
      started.add(component);
    }
  }

  /**
   * Returns when {@code stopping} is counted down or every component has finished.
   *
   * @throws RuntimeException when a component has failed
   */
  public void awaitEnd(CountDownLatch stopping) {
    try {
      while (!stopping.await(CHECK_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
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
          blocked.remove(component.name());
        }
        case ServiceComponent.Health.Blocked(String reason) -> {
          finished = false;
          if (blocked.add(component.name())) {
            LOGGER.atWarn().addKeyValue("component", component.name()).log("blocked: {}", reason);
          }
        }
        case ServiceComponent.Health.Finished(String _) -> {}
        case ServiceComponent.Health.Failed(Throwable cause) -> throw failed(component, cause);
      }
    }
    return finished;
  }

  private static RuntimeException failed(ServiceComponent component, Throwable cause) {
    return new IllegalStateException(component.name() + " stopped: " + cause.getMessage(), cause);
  }

  /** Closes the started components in reverse order. */
  @Override
  public void close() {
    started.reversed().forEach(ServiceComponent::close);
    started.clear();
  }
}
