package io.urteil.cli.service;

import io.urteil.cli.option.StopSignal;
import io.urteil.embedded.Ports;
import io.urteil.event.ServiceComponent;
import java.io.PrintWriter;
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
 * Parts that run until the process is told to stop (SIGTERM, Ctrl-C), all of them have finished, or
 * one breaks.
 */
final class ServiceRunner {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServiceRunner.class);
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

  private final List<ServiceComponent> parts;
  private final List<ServiceComponent> started = new ArrayList<>();
  private final Set<String> waiting = new HashSet<>();
  private final CountDownLatch stopping = new CountDownLatch(1);

  ServiceRunner(List<ServiceComponent> parts) {
    this.parts = List.copyOf(parts);
  }

  /**
   * Starts the parts in order, prints {@code ready} as one line when all are at work, and returns
   * when the service is over, with every part closed, the last one first.
   *
   * @return the exit status
   * @throws RuntimeException what broke a part
   */
  int run(ServiceOptions options, PrintWriter output, String ready) {
    options.httpPort().ifPresent(Ports::requireFree);
    try (StopSignal signal = new StopSignal(stopping::countDown)) {
      try {
        for (ServiceComponent part : parts) {
          part.start();
          started.add(part);
        }
        options.httpPort().ifPresent(port -> HttpEndpoints.start(options.httpHost(), port, parts));
        output.println(ready);
        untilItIsOver();
      } finally {
        started.reversed().forEach(ServiceComponent::close);
      }
      return signal.exitCode();
    }
  }

  private void untilItIsOver() {
    try {
      while (!stopping.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
        boolean finished = true;
        for (ServiceComponent part : parts) {
          switch (part.health()) {
            case ServiceComponent.Health.Running() -> {
              finished = false;
              waiting.remove(part.name());
            }
            case ServiceComponent.Health.Waiting(String reason) -> {
              finished = false;
              if (waiting.add(part.name())) {
                LOGGER.atWarn().addKeyValue("part", part.name()).log("waiting: {}", reason);
              }
            }
            case ServiceComponent.Health.Finished(String _) -> {}
            case ServiceComponent.Health.Broken(Throwable cause) -> throw broken(part, cause);
          }
        }
        if (finished) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static RuntimeException broken(ServiceComponent part, Throwable cause) {
    return new IllegalStateException(part.name() + " stopped: " + cause.getMessage(), cause);
  }
}
