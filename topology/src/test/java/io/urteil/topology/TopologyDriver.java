package io.urteil.topology;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.urteil.contract.GroupPartitioning;
import io.urteil.event.DeadLetter;
import io.urteil.event.EventCodec;
import io.urteil.event.GroupOutcome;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Judgement;
import io.urteil.event.Namespace;
import io.urteil.event.Progress;
import io.urteil.event.Prompt;
import io.urteil.event.Reward;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.event.Topic;
import io.urteil.run.RunFile;
import io.urteil.topology.metrics.TopologyMetrics;
import io.urteil.topology.progress.ConsumptionTracker;
import io.urteil.topology.progress.InputWatermark;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;

/** The topology in a test driver: events in and out, the clock by hand, one run known. */
final class TopologyDriver implements AutoCloseable {

  private final EventCodec codec = new EventCodec();
  private final Namespace place;
  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final Map<Long, Prompt> prompts = new HashMap<>();
  private final TopologyTestDriver driver;
  private boolean knowsRun = true;

  TopologyDriver(RunFile run, Path directory) {
    this(run, directory, (partition, now) -> now);
  }

  TopologyDriver(RunFile run, Path directory, InputWatermark catchUp) {
    this(
        (id, purpose, ordinal) -> id.equals(run.run()) ? Optional.of(run) : Optional.empty(),
        directory,
        catchUp,
        new GroupPartitioning(1));
  }

  TopologyDriver(
      RunLookup known, Path directory, InputWatermark catchUp, GroupPartitioning partitioning) {
    this.place = new Namespace("127.0.0.1:9092", "test-", directory);
    TopologySettings settings = TopologySettings.defaults();
    Properties streams = StreamsSettings.of(place, settings, "test", 1);
    RunLookup runs =
        (id, purpose, ordinal) -> knowsRun ? known.find(id, purpose, ordinal) : Optional.empty();
    this.driver =
        new TopologyTestDriver(
            new RewardTopology(
                    place,
                    runs,
                    TopologyTools.of(codec, partitioning),
                    position -> Optional.ofNullable(prompts.get(position.offset())),
                    new TopologyMetrics(meters, Clock.systemUTC()))
                .build(catchUp, new Unread(), settings, streams),
            streams,
            TestEvents.START);
  }

  static ConsumptionTracker reading() {
    return new Unread();
  }

  /** The test driver processes each record at once. */
  private static final class Unread implements ConsumptionTracker {
    @Override
    public void restarted(int partition) {}

    @Override
    public void closed() {}

    @Override
    public boolean processed(String topic, int partition, long offset) {
      return true;
    }
  }

  void send(SpecificRecord event) {
    switch (event) {
      case Prompt prompt -> {
        prompts.put((long) prompts.size(), prompt);
        send(Topic.PROMPTS, prompt.getGroupId(), codec.encode(prompt));
      }
      case Rollout rollout -> send(Topic.ROLLOUTS, rollout.getGroupId(), codec.encode(rollout));
      case Judgement judgement ->
          send(Topic.JUDGEMENTS, judgement.getGroupId(), codec.encode(judgement));
      default -> throw new IllegalArgumentException("not an input: " + event);
    }
  }

  void send(Topic topic, String key, byte[] bytes) {
    driver
        .createInputTopic(topic.in(place), new StringSerializer(), new ByteArraySerializer())
        .pipeInput(key, bytes, TestEvents.START);
  }

  /** Prompt, rollouts and judgements of a group whose members all prefer {@code preference}. */
  void sendGroup(Prompt prompt, String preference) {
    send(prompt);
    for (Rollout rollout : rollouts(prompt)) {
      send(rollout);
      send(TestEvents.judgement(rollout, preference).build());
    }
  }

  /** The rollouts of all members of a prompt. */
  static List<Rollout> rollouts(Prompt prompt) {
    return prompt.getArms().stream()
        .flatMap(
            arm ->
                java.util.stream.IntStream.range(0, prompt.getSamplesPerArm())
                    .mapToObj(index -> TestEvents.rollout(prompt, arm.getName(), index).build()))
        .toList();
  }

  void advance(Duration duration) {
    driver.advanceWallClockTime(duration);
  }

  List<Reward> rewards() {
    return read(Topic.REWARDS, Reward.class);
  }

  List<GroupOutcome> groups() {
    return read(Topic.GROUPS, GroupOutcome.class);
  }

  List<GrpoBatch> batches() {
    return read(Topic.BATCHES, GrpoBatch.class);
  }

  List<Progress> progress() {
    return read(Topic.PROGRESS, Progress.class);
  }

  /** A state store, to put into it what an earlier version left. */
  <K> KeyValueStore<K, byte[]> store(String name) {
    return driver.getKeyValueStore(name);
  }

  /** The log has no prompt any longer. */
  void forgetPrompts() {
    prompts.clear();
  }

  /** Whether the log has a run file of the run that can be read; it has at first. */
  void knowRun(boolean known) {
    knowsRun = known;
  }

  /** Where the topology's meters are. */
  MeterRegistry meters() {
    return meters;
  }

  /** What the topology asked for again. */
  List<Prompt> promptsAgain() {
    return read(Topic.PROMPTS, Prompt.class);
  }

  List<DeadLetter> deadLetters() {
    return read(Topic.DEAD_LETTERS, DeadLetter.class);
  }

  <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
    return driver
        .createOutputTopic(topic.in(place), new StringDeserializer(), new ByteArrayDeserializer())
        .readValuesToList()
        .stream()
        .map(bytes -> codec.decode(bytes, type))
        .toList();
  }

  @Override
  public void close() {
    driver.close();
  }
}
