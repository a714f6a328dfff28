package io.urteil.cli.service;

import io.urteil.embedded.Ports;
import io.urteil.event.ServiceComponent;
import io.urteil.service.ComponentRunner;
import io.urteil.service.StopSignal;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs components until SIGTERM or Ctrl-C, until all of them have finished, or until one fails. */
final class ServiceRunner {

  private final List<ServiceComponent> components;

  ServiceRunner(List<ServiceComponent> components) {
    this.components = List.copyOf(components);
  }

  /**
   * Starts the components in order, prints the line {@code ready} when all are running, and blocks
   * until the service ends. Closes the components in reverse order.
   *
   * @return the exit status
   * @throws RuntimeException the error of a failed component
   */
  int run(ServiceOptions options, PrintWriter output, String ready) {
    options.httpPort().ifPresent(Ports::requireFree);
    CountDownLatch stopping = new CountDownLatch(1);
    try (StopSignal signal = new StopSignal(stopping::countDown)) {
      try (ComponentRunner runner = new ComponentRunner(components)) {
        runner.start();
        options
            .httpPort()
            .ifPresent(port -> HttpEndpoints.start(options.httpHost(), port, components));
        output.println(ready);
        runner.awaitEnd(stopping);
      }
      return signal.exitCode();
    }
  }
}
