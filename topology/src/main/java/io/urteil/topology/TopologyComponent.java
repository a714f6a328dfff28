package io.urteil.topology;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.urteil.contract.GroupPartitioning;
import io.urteil.directory.DirectoryOwner;
import io.urteil.event.EventLog;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.event.WriterSchemas;
import io.urteil.kafka.ClusterAccess;
import io.urteil.kafka.KafkaFailures;
import io.urteil.metrics.KafkaClientMeters;
import io.urteil.run.RunRegistry;
import io.urteil.topology.metrics.TopologyMetrics;
import io.urteil.topology.progress.ReadPositions;
import io.urteil.topology.progress.StallDetector;
import io.urteil.topology.progress.TrackingClientSupplier;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.errors.TopologyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the reward topology with exactly-once semantics: it consumes prompts, rollouts and
 * judgements and publishes rewards, groups, batches and progress. Several processes share the
 * groups.
 *
 * <p>Invalid events become dead letters. After a failure of a broker, or one at a record, the
 * Streams thread is replaced; see {@link RecordFence}. Any other exception is a defect and makes
 * the component {@link ServiceComponent.Health.Failed}.
 */
public final class TopologyComponent implements ServiceComponent {

  static final String NAME = "topology";

  private static final Logger LOGGER = LoggerFactory.getLogger(TopologyComponent.class);
  private static final Duration ADMIN_TIMEOUT = Duration.ofSeconds(8);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);
  private static final Duration STALL_LIMIT = Duration.ofSeconds(60);

  private final Namespace namespace;
  private final TopologySettings settings;
  private final StallDetector stall;
  private @Nullable Admin admin;
  private @Nullable RunRegistry runs;
  private @Nullable TopicPromptLookup prompts;
  private @Nullable KafkaStreams streams;
  private @Nullable TopologyMetrics metrics;
  private final List<KafkaClientMeters> clientMeters = new ArrayList<>();
  private volatile @Nullable Throwable cause;
  private volatile boolean closed;

  /** The topology of this namespace with default settings; not started. */
  public TopologyComponent(Namespace namespace) {
    this(namespace, TopologySettings.defaults());
  }

  /** The topology of this namespace; not started. */
  public TopologyComponent(Namespace namespace, TopologySettings settings) {
    this(namespace, settings, STALL_LIMIT);
  }

  /**
   * @param stallLimit time without state RUNNING after which {@link #health()} reports a stall
   */
  TopologyComponent(Namespace namespace, TopologySettings settings, Duration stallLimit) {
    this.namespace = namespace;
    this.settings = settings;
    this.stall = new StallDetector(stallLimit, System::nanoTime);
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker responds
   * @throws IllegalStateException if the state in the data directory is of another cluster
   */
  @Override
  public synchronized void start() {
    TopicCreator.create(namespace);
    DirectoryOwner.cluster(namespace).claim(StreamsSettings.directory(namespace));
    WriterSchemas.publish(namespace);
    admin = Admin.create(KafkaClientSettings.admin(namespace, ADMIN_TIMEOUT));
    clientMeters.add(KafkaClientMeters.of(admin));
    runs = new RunRegistry(namespace);
    List<String> sources =
        List.of(
            Topic.PROMPTS.in(namespace),
            Topic.ROLLOUTS.in(namespace),
            Topic.JUDGEMENTS.in(namespace));
    ReadPositions positions = new ReadPositions(admin, sources);
    Properties configuration =
        StreamsSettings.of(
            namespace,
            settings,
            InstanceId.of(StreamsSettings.directory(namespace)),
            replication(admin));
    EventLog log = new EventLog(namespace);
    TopologyTools tools =
        TopologyTools.of(log.codec(), new GroupPartitioning(log.partitions(Topic.ROLLOUTS).size()));
    prompts = new TopicPromptLookup(log);
    metrics = new TopologyMetrics(Metrics.globalRegistry, Clock.systemUTC());
    KafkaStreams created =
        new KafkaStreams(
            new RewardTopology(namespace, new PluginCheck(runs::find), tools, prompts, metrics)
                .build(positions, positions, settings, configuration),
            new StreamsConfig(configuration),
            new TrackingClientSupplier(positions));
    streams = created;
    created.setUncaughtExceptionHandler(this::onUncaught);
    created.setStateListener(stall);
    clientMeters.add(
        KafkaClientMeters.bind(
            refresher -> new KafkaStreamsMetrics(created, Tags.empty(), refresher)));
    created.start();
    LOGGER.atInfo().addKeyValue("bootstrap", namespace.bootstrap()).log("topology started");
  }

  @Override
  public synchronized Health health() {
    Throwable failed = cause;
    if (failed != null) {
      return new Health.Failed(failed);
    }
    if (streams != null && streams.state() == KafkaStreams.State.ERROR) {
      return new Health.Failed(new IllegalStateException("Kafka Streams ended in state ERROR"));
    }
    if (closed) {
      return new Health.Finished("closed");
    }
    Optional<String> stalled = stall.reason();
    return stalled.isPresent() ? new Health.Blocked(stalled.get()) : new Health.Running();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    clientMeters.forEach(KafkaClientMeters::close);
    if (streams != null) {
      // Without a leave request, other processes take over only after the session timeout.
      streams.close(
          CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
              .withTimeout(CLOSE_LIMIT));
    }
    if (runs != null) {
      runs.close();
    }
    if (prompts != null) {
      prompts.close();
    }
    if (metrics != null) {
      metrics.close();
    }
    if (admin != null) {
      admin.close(Duration.ZERO);
    }
    LOGGER.atInfo().log("topology stopped");
  }

  private StreamThreadExceptionResponse onUncaught(Throwable thrown) {
    if (isFenced(thrown)) {
      return failed(
          new IllegalStateException(
              "another topology uses the instance id in %s (expected: one process per data"
                      .formatted(StreamsSettings.directory(namespace).resolve(InstanceId.FILE))
                  + " directory; if this directory is a copy, delete the file)",
              thrown));
    }
    if (RecordFence.isCounted(thrown)) {
      LOGGER
          .atError()
          .setCause(thrown)
          .log("topology thread replaced after it failed at a record, which is processed again");
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    if (KafkaFailures.mayPass(thrown) && !isTopologyException(thrown)) {
      LOGGER.atWarn().addKeyValue("error", thrown.toString()).log("topology thread replaced");
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    return failed(thrown);
  }

  private StreamThreadExceptionResponse failed(Throwable by) {
    Throwable explained = explained(by);
    LOGGER.atError().setCause(explained).log("topology failed");
    cause = explained;
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private Throwable explained(Throwable thrown) {
    return ClusterAccess.explained(
        namespace.bootstrap(),
        namespace.kafka(),
        thrown,
        "transactional id %s-*".formatted(namespace.named(NAME)));
  }

  private static boolean isFenced(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof FencedInstanceIdException) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTopologyException(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof TopologyException) {
        return true;
      }
    }
    return false;
  }

  private int replication(Admin admin) {
    Integer set = namespace.topics().all().replication();
    if (set != null) {
      return set;
    }
    try {
      int brokers = admin.describeCluster().nodes().get().size();
      return brokers == 1 ? 1 : StreamsSettings.BROKER_DEFAULT;
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot list the brokers: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while listing the brokers", e);
    }
  }
}
