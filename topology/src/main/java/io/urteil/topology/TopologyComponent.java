package io.urteil.topology;

import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.urteil.event.EventCodec;
import io.urteil.event.EventLog;
import io.urteil.event.KafkaClientSettings;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.event.WriterSchemas;
import io.urteil.kafka.ClusterAccess;
import io.urteil.metrics.KafkaClientMeters;
import io.urteil.run.RunRegistry;
import io.urteil.topology.metrics.TopologyMetrics;
import io.urteil.topology.progress.ReadPositions;
import io.urteil.topology.progress.StallDetector;
import io.urteil.topology.progress.TrackingClientSupplier;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.errors.TopologyException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the reward topology: prompts, rollouts and judgements in, rewards, groups, batches and
 * progress out, each once whatever dies. Several processes may run it and share the groups.
 *
 * <p>Trouble with the broker is waited out by threads that are replaced; anything else is a defect
 * and makes the part {@link ServiceComponent.Health.Broken}. Bad events are dead letters, never
 * trouble.
 */
public final class TopologyComponent implements ServiceComponent {

  static final String NAME = "topology";

  private static final Logger LOGGER = LoggerFactory.getLogger(TopologyComponent.class);
  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);
  private static final Duration USUAL_STALL = Duration.ofSeconds(60);

  private final Namespace place;
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

  /** The topology of this tenant with default settings. */
  public TopologyComponent(Namespace place) {
    this(place, TopologySettings.defaults());
  }

  /** The topology of this tenant. */
  public TopologyComponent(Namespace place, TopologySettings settings) {
    this(place, settings, USUAL_STALL);
  }

  /**
   * @param usualStall how long Streams may not be at work before {@link #health()} says so
   */
  TopologyComponent(Namespace place, TopologySettings settings, Duration usualStall) {
    this.place = place;
    this.settings = settings;
    this.stall = new StallDetector(usualStall, System::nanoTime);
  }

  @Override
  public String name() {
    return NAME;
  }

  /**
   * @throws io.urteil.kafka.BrokerUnreachableException when no broker answers
   */
  @Override
  public synchronized void start() {
    TopicCreator.create(place);
    WriterSchemas.publish(place);
    admin = Admin.create(KafkaClientSettings.admin(place, PATIENCE));
    clientMeters.add(KafkaClientMeters.of(admin));
    runs = new RunRegistry(place);
    List<String> sources =
        List.of(Topic.PROMPTS.in(place), Topic.ROLLOUTS.in(place), Topic.JUDGEMENTS.in(place));
    ReadPositions positions = new ReadPositions(admin, sources);
    Properties configuration =
        StreamsSettings.of(
            place, settings, InstanceId.of(StreamsSettings.directory(place)), replication(admin));
    EventLog log = new EventLog(place);
    EventCodec codec = log.codec();
    prompts = new TopicPromptLookup(log);
    metrics = new TopologyMetrics(Metrics.globalRegistry, Clock.systemUTC());
    KafkaStreams made =
        new KafkaStreams(
            new RewardTopology(place, new PluginCheck(runs::find), codec, prompts, metrics)
                .build(positions, positions, settings, configuration),
            new StreamsConfig(configuration),
            new TrackingClientSupplier(positions));
    streams = made;
    made.setUncaughtExceptionHandler(this::onUncaught);
    made.setStateListener(stall);
    clientMeters.add(
        KafkaClientMeters.bind(
            refresher -> new KafkaStreamsMetrics(made, Tags.empty(), refresher)));
    made.start();
    LOGGER.atInfo().addKeyValue("bootstrap", place.bootstrap()).log("topology started");
  }

  @Override
  public synchronized Health health() {
    Throwable broken = cause;
    if (broken != null) {
      return new Health.Broken(broken);
    }
    if (streams != null && streams.state() == KafkaStreams.State.ERROR) {
      return new Health.Broken(new IllegalStateException("Kafka Streams ended in state ERROR"));
    }
    if (closed) {
      return new Health.Finished("closed");
    }
    Optional<String> waits = stall.reason();
    return waits.isPresent() ? new Health.Waiting(waits.get()) : new Health.Running();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    clientMeters.forEach(KafkaClientMeters::close);
    if (streams != null) {
      // Leaving the group lets others take over at once, not after the session timeout.
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
    if (isAnothersNow(thrown)) {
      return broken(
          new IllegalStateException(
              "another topology has the instance id in %s (expected: one process for each data"
                      .formatted(StreamsSettings.directory(place).resolve(InstanceId.FILE))
                  + " directory; if this one is a copy, delete that file in it)",
              thrown));
    }
    if (isTroubleWithTheBroker(thrown)) {
      LOGGER.atWarn().addKeyValue("error", thrown.toString()).log("topology thread replaced");
      return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
    return broken(thrown);
  }

  private StreamThreadExceptionResponse broken(Throwable by) {
    Throwable explained = explained(by);
    LOGGER.atError().setCause(explained).log("topology broken");
    cause = explained;
    return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
  }

  private Throwable explained(Throwable thrown) {
    return ClusterAccess.explained(
        place.bootstrap(),
        place.kafka(),
        thrown,
        "transactional id %s-*".formatted(place.named(NAME)));
  }

  private static boolean isAnothersNow(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (t instanceof FencedInstanceIdException) {
        return true;
      }
    }
    return false;
  }

  private static boolean isTroubleWithTheBroker(Throwable thrown) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      boolean ofKafka =
          t instanceof KafkaException
              && !(t instanceof AuthenticationException)
              && !(t instanceof AuthorizationException)
              && !(t instanceof SerializationException)
              && !(t instanceof RecordTooLargeException)
              && !(t instanceof TopologyException);
      boolean onTheWay =
          t instanceof ExecutionException
              || t instanceof TimeoutException
              || t instanceof IOException;
      if (!ofKafka && !onTheWay) {
        return false;
      }
    }
    return true;
  }

  private int replication(Admin admin) {
    Integer set = place.topics().all().replication();
    if (set != null) {
      return set;
    }
    try {
      int brokers = admin.describeCluster().nodes().get().size();
      return brokers == 1 ? 1 : StreamsSettings.BROKER_DEFAULT;
    } catch (ExecutionException e) {
      throw new IllegalStateException("asking for the brokers: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking for the brokers", e);
    }
  }
}
