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
 * The life of a service application, after Quarkus has opened {@code /q/health}:
 *
 * <ol>
 *   <li>wait until a broker answers, and create the topics that are missing; not ready until then,
 *   <li>make the components and start them in order,
 *   <li>run until SIGTERM or Ctrl-C, until all components have finished, or until one breaks,
 *   <li>close the components, the last one first, and end the process.
 * </ol>
 */
@Singleton
public final class ServiceHost {

  private static final Logger LOGGER = LoggerFactory.getLogger(ServiceHost.class);
  private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

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
   * @param mappings the configuration of the service; what begins like it and is unknown is refused
   * @param makers make the components, once a broker answers
   * @return the exit status: 0 when all have finished, 128 + the signal when stopped by one
   * @throws RuntimeException what broke a component
   */
  public int run(
      List<Class<?>> mappings, List<Function<Namespace, ? extends ServiceComponent>> makers) {
    namespaces.refuseUnknown(mappings);
    CountDownLatch stopping = new CountDownLatch(1);
    try (StopSignal signal = new StopSignal(stopping::countDown)) {
      if (awaitBroker(stopping)) {
        List<? extends ServiceComponent> made =
            makers.stream().map(maker -> maker.apply(namespace)).toList();
        components = made;
        try (ComponentRunner runner = new ComponentRunner(made)) {
          runner.start();
          LOGGER
              .atInfo()
              .addKeyValue("bootstrap", namespace.bootstrap())
              .addKeyValue("prefix", namespace.prefix())
              .addKeyValue("dataDirectory", namespace.dataDirectory())
              .log("{} started", names(made));
          runner.awaitEnd(stopping);
        }
        LOGGER.atInfo().log("{} stopped", names(made));
      }
      return signal.exitCode();
    }
  }

  /** Health of what runs; before that, of the broker that is waited for. */
  HealthSummary health() {
    return HealthSummary.of(components);
  }

  /** Whether a broker answered before the process was stopped. */
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
      } while (!stopping.await(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }

  private static String names(List<? extends ServiceComponent> components) {
    return components.stream().map(ServiceComponent::name).collect(Collectors.joining(", "));
  }

  /** Stands for the components until a broker answers. */
  private record AwaitedBroker(String bootstrap) implements ServiceComponent {

    @Override
    public String name() {
      return "broker";
    }

    @Override
    public void start() {}

    @Override
    public Health health() {
      return new Health.Waiting("no broker has answered at " + bootstrap + " yet");
    }

    @Override
    public void close() {}
  }
}
