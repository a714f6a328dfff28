package io.urteil.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Exports the metrics of a Kafka client through Micrometer's binder to the registry of the process
 * until it is closed. Close it before the client.
 */
public final class KafkaClientMeters implements AutoCloseable {

  /** Each binder checks periodically for new metrics; one thread serves all binders. */
  private static final ScheduledExecutorService REFRESHING =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("kafka-client-meters").factory());

  private final AutoCloseable binder;

  /** Micrometer (1.14) does not cancel its task on an executor that it does not own. */
  private final List<Future<?>> refreshes = new CopyOnWriteArrayList<>();

  private <B extends MeterBinder & AutoCloseable> KafkaClientMeters(
      Function<ScheduledExecutorService, B> factory, MeterRegistry registry) {
    B created = factory.apply(recording(refreshes));
    created.bindTo(registry);
    this.binder = created;
  }

  public static KafkaClientMeters of(Consumer<?, ?> consumer) {
    return bind(refresher -> new KafkaClientMetrics(consumer, Tags.empty(), refresher));
  }

  public static KafkaClientMeters of(Producer<?, ?> producer) {
    return bind(refresher -> new KafkaClientMetrics(producer, Tags.empty(), refresher));
  }

  public static KafkaClientMeters of(Admin admin) {
    return bind(refresher -> new KafkaClientMetrics((AdminClient) admin, Tags.empty(), refresher));
  }

  public static KafkaClientMeters of(ShareConsumer<?, ?> consumer) {
    return of(onlyMetrics(consumer::metrics));
  }

  /**
   * Exports the metrics of another Kafka binder of Micrometer.
   *
   * @param factory creates the binder with the executor for its periodic check
   */
  public static <B extends MeterBinder & AutoCloseable> KafkaClientMeters bind(
      Function<ScheduledExecutorService, B> factory) {
    return new KafkaClientMeters(factory, Metrics.globalRegistry);
  }

  static <B extends MeterBinder & AutoCloseable> KafkaClientMeters bind(
      Function<ScheduledExecutorService, B> factory, MeterRegistry registry) {
    return new KafkaClientMeters(factory, registry);
  }

  private static ScheduledExecutorService recording(List<Future<?>> scheduled) {
    return (ScheduledExecutorService)
        Proxy.newProxyInstance(
            KafkaClientMeters.class.getClassLoader(),
            new Class<?>[] {ScheduledExecutorService.class},
            (proxy, method, arguments) -> {
              try {
                Object result = method.invoke(REFRESHING, arguments);
                if (result instanceof Future<?> task) {
                  scheduled.add(task);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }

  /**
   * Adapts a share consumer, for which Micrometer (1.14) has no binder. The binder for consumers
   * calls {@code metrics()} only.
   */
  private static Consumer<?, ?> onlyMetrics(Supplier<Map<MetricName, ? extends Metric>> metrics) {
    return (Consumer<?, ?>)
        Proxy.newProxyInstance(
            KafkaClientMeters.class.getClassLoader(),
            new Class<?>[] {Consumer.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("metrics")) {
                return metrics.get();
              }
              throw new UnsupportedOperationException(method.getName());
            });
  }

  @Override
  public void close() {
    refreshes.forEach(task -> task.cancel(false));
    try {
      binder.close();
    } catch (Exception e) {
      throw new IllegalStateException("cannot remove the meters of a Kafka client", e);
    }
  }
}
