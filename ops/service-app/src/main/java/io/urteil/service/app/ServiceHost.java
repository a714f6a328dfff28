package io.urteil.service.app;

import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TopicCreator;
import io.urteil.kafka.BrokerUnreachableException;
import io.urteil.service.ComponentRunner;
import io.urteil.service.HealthSummary;
import io.urteil.service.StopSignal;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life cycle of a service application, after Quarkus serves {@code /q/health}:
 *
 * <ol>
 *   <li>wait for a broker and create missing topics; the service is not ready until then,
 *   <li>create the components and start them in order,
 *   <li>run until SIGTERM or Ctrl-C, until all components have finished, or until one fails,
 *   <li>close the components in reverse order and exit.
 * </ol>
 */
@Singleton
public final class ServiceHost {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServiceHost.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);

  private final Namespaces namespaces;
  private final Namespace namespace;
  private volatile List<? extends ServiceComponent> components;

  ServiceHost(Namespaces namespaces) {
    this.namespaces = namespaces;
    this.namespace = namespaces.namespace();
    this.components = List.of(new AwaitedBroker(namespace.bootstrap()));
  }

  /**
   * Runs the service on the calling thread.
   *
   * @param mappings configuration mappings of the service; unknown settings with their prefixes are
   *     rejected
   * @param factories factories of the components, called when a broker has answered
   * @return the exit status: 0 if all components have finished, 128 + signal number if stopped by a
   *     signal
   * @throws RuntimeException the error of a failed component
   */
  public int run(
      List<Class<?>> mappings, List<Function<Namespace, ? extends ServiceComponent>> factories) {
    namespaces.rejectUnknown(mappings);
    CountDownLatch stopping = new CountDownLatch(1);
    try (StopSignal signal = new StopSignal(stopping::countDown)) {
      if (awaitBroker(stopping)) {
        List<? extends ServiceComponent> created =
            factories.stream().map(factory -> factory.apply(namespace)).toList();
        components = created;
        try (ComponentRunner runner = new ComponentRunner(created)) {
          runner.start();
          LOGGER
              .atInfo()
              .addKeyValue("bootstrap", namespace.bootstrap())
              .addKeyValue("prefix", namespace.prefix())
              .addKeyValue("dataDirectory", namespace.dataDirectory())
              .log("{} started", names(created));
          runner.awaitEnd(stopping);
        }
        LOGGER.atInfo().log("{} stopped", names(created));
      }
      return signal.exitCode();
    }
  }

  /** Health of the components, or of the awaited broker before they are created. */
  HealthSummary health() {
    return HealthSummary.of(components);
  }

  /** Blocks until a broker answers (true) or the process is stopped (false). */
  private boolean awaitBroker(CountDownLatch stopping) {
    try {
      boolean logged = false;
      do {
        try {
          TopicCreator.create(namespace);
          return true;
        } catch (BrokerUnreachableException e) {
          if (!logged) {
            LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("waiting for a broker");
            logged = true;
          }
        }
      } while (!stopping.await(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static String names(List<? extends ServiceComponent> components) {
    return components.stream().map(ServiceComponent::name).collect(Collectors.joining(", "));
  }

  /** Placeholder for the components until a broker answers. */
  private record AwaitedBroker(String bootstrap) implements ServiceComponent {

    @Override
    public String name() {
      return "broker";
    }

    @Override
    public void start() {}

    @Override
    public Health health() {
      return new Health.Blocked("no answer from a broker at " + bootstrap + " yet");
    }

    @Override
    public void close() {}
  }
}
