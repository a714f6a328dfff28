package io.urteil.cli.service;

import io.urteil.embedded.Ports;
import io.urteil.event.ServiceComponent;
import io.urteil.service.ComponentRunner;
import io.urteil.service.StopSignal;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * Components that run until SIGTERM or Ctrl-C, until all of them have finished, or until one
 * breaks.
 */
final class ServiceRunner {

  private final List<ServiceComponent> parts;

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
    CountDownLatch stopping = new CountDownLatch(1);
    try (StopSignal signal = new StopSignal(stopping::countDown)) {
      try (ComponentRunner runner = new ComponentRunner(parts)) {
        runner.start();
        options.httpPort().ifPresent(port -> HttpEndpoints.start(options.httpHost(), port, parts));
        output.println(ready);
        runner.awaitEnd(stopping);
      }
      return signal.exitCode();
    }
  }
}
