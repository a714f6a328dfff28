package io.urteil.trainer;

import io.urteil.checkpoint.CheckpointFolder;
import io.urteil.event.AdvantageSettings;
import io.urteil.event.BatchGroup;
import io.urteil.event.BatchMember;
import io.urteil.event.Checkpoint;
import io.urteil.event.CheckpointFile;
import io.urteil.event.ContentHash;
import io.urteil.event.DeadLetter;
import io.urteil.event.Demonstration;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.EventLog;
import io.urteil.event.EventProducer;
import io.urteil.event.FinishReason;
import io.urteil.event.GrpoBatch;
import io.urteil.event.Ids;
import io.urteil.event.Namespace;
import io.urteil.event.PackedArrays;
import io.urteil.event.PolicyStamp;
import io.urteil.event.PolicyUpdate;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutReference;
import io.urteil.event.SamplingSettings;
import io.urteil.event.Segment;
import io.urteil.event.Topic;
import io.urteil.event.TopicCreator;
import io.urteil.model.DecoderConfig;
import io.urteil.run.RunFileReader;
import io.urteil.run.RunRegistry;
import io.urteil.trainer.policy.ComputeSettings;
import io.urteil.trainer.policy.OptimiserSettings;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * A run whose rollouts and batches a test writes itself. Batch n is a function of n alone, so that
 * two runs with as many batches must come to the same weights.
 */
final class PublishedRun implements AutoCloseable {

  static final DecoderConfig MODEL =
      new DecoderConfig(
          "qwen2",
          new DecoderConfig.Dimensions(32, 48, 2, 4, 2, 8, 16, 128),
          1e-6,
          10_000,
          true,
          List.of(1));

  private static final int GROUPS = 2;
  private static final int MEMBERS = 8;

  final Namespace place;
  final String runId;
  private final Path model;
  private final EventProducer producer;

  PublishedRun(String bootstrap, String prefix, Path directory, String runId) {
    this.place = new Namespace(bootstrap, prefix, directory.resolve("data"));
    this.runId = runId;
    this.model = directory.resolve("model");
    TopicCreator.create(place);
    this.producer = EventProducer.idempotent(place);
    if (!model.toFile().exists()) {
      try (SupervisedTraining fresh =
          SupervisedTraining.fromScratch(
              MODEL, 1, OptimiserSettings.supervised(), ComputeSettings.small())) {
        fresh.write(model, List.of());
      }
    }
  }

  void publishRun(int steps, int fullEvery, int keep, double learningRate) {
    publishRun(
        "{ kind: grpo, groups: 2, zeroVariance: keepCount }",
        "grpo",
        steps,
        fullEvery,
        keep,
        learningRate);
  }

  /** A run that imitates what is good enough. */
  void publishImitation(int steps, double learningRate) {
    publishRun(
        "{ kind: demonstration, groups: 2, threshold: 1.0 }", "sft", steps, 1, 5, learningRate);
  }

  private void publishRun(
      String batch, String objective, int steps, int fullEvery, int keep, double learningRate) {
    String text =
        """
        run: %s
        policy: { model: %s }
        data: { prompts: prompts.jsonl, order: given, seed: 1 }
        group: { arms: [AB], samplesPerArm: 8, deadline: 60s, onMissing: drop }
        judges: { outcome: { type: verdict, format: judgelrm-scores } }
        reward: { rule: j1-verdict, right: 1.0, wrong: 0.0, unparseable: -0.5 }
        batch: %s
        staleness: { maxVersionsBehind: 0 }
        train: { objective: %s, steps: %d, learningRate: %s }
        checkpoint: { fullEvery: %d, keep: %d }
        """
            .formatted(runId, model, batch, objective, steps, learningRate, fullEvery, keep);
    RunRegistry.publish(producer, RunFileReader.read(runId, text));
  }

  /** Batches from and to, each whole in one record. */
  void publishBatches(int from, int to) {
    for (int number = from; number < to; number++) {
      publish(batch(number, groups(number)).build());
    }
    producer.flush();
  }

  /** The rewarded rollouts of a batch, to be imitated; a batch of none when so wanted. */
  void publishDemonstrations(int number, boolean none) {
    List<Demonstration> demonstrations = new ArrayList<>();
    for (BatchGroup group : groups(number)) {
      for (BatchMember member : group.getMembers()) {
        if (member.getReward() >= 1 && !none) {
          demonstrations.add(
              Demonstration.newBuilder()
                  .setGroupId(group.getGroupId())
                  .setArm(member.getArm())
                  .setIndex(member.getIndex())
                  .setRollout(member.getRollout())
                  .setReward(member.getReward())
                  .setPolicyVersion(member.getPolicyVersion())
                  .build());
        }
      }
    }
    DemonstrationBatch batch =
        DemonstrationBatch.newBuilder()
            .setBatchId(Ids.batch(runId, number))
            .setRunId(runId)
            .setNumber(number)
            .setRunHash("0")
            .setDemonstrations(demonstrations)
            .setCloseReason("groups")
            .setCreatedAt(Instant.EPOCH)
            .build();
    producer.send(Topic.BATCHES, runId, batch);
    producer.flush();
  }

  /** One batch in as many parts as it has groups. */
  void publishInParts(int number) {
    List<BatchGroup> groups = groups(number);
    for (int part = 0; part < groups.size(); part++) {
      publish(
          batch(number, List.of(groups.get(part))).setPart(part).setParts(groups.size()).build());
    }
    producer.flush();
  }

  /** One batch whose last member names another content than the log has. */
  void publishWithWrongHash(int number) {
    List<BatchGroup> groups = groups(number);
    List<BatchMember> members = new ArrayList<>(groups.getLast().getMembers());
    BatchMember last = members.removeLast();
    RolloutReference wrong =
        RolloutReference.newBuilder(last.getRollout()).setContentHash("0".repeat(64)).build();
    members.add(BatchMember.newBuilder(last).setRollout(wrong).build());
    BatchGroup changed = BatchGroup.newBuilder(groups.getLast()).setMembers(members).build();
    publish(batch(number, List.of(groups.getFirst(), changed)).build());
    producer.flush();
  }

  void publishBytesThatAreNoBatch(byte[] bytes) {
    producer.kafka().send(new ProducerRecord<>(Topic.BATCHES.in(place), runId, bytes));
    producer.flush();
  }

  /** The version after the newest one, as another machine would compute it. */
  void publishVersionOfOtherWeights(long version) {
    Checkpoint newest = checkpoints().getLast();
    CheckpointFile weights = new CheckpointFile(CheckpointFolder.WEIGHTS, "0".repeat(64), 1L);
    producer.send(
        Topic.CHECKPOINTS,
        runId,
        Checkpoint.newBuilder(newest)
            .setVersion(version)
            .setParent(version - 1)
            .setUri(newest.getUri().replaceFirst("[0-9]+/?$", "%06d".formatted(version)))
            .setFiles(List.of(weights))
            .setFull(false)
            .setResume(null)
            .setBatchIds(List.of(Ids.batch(runId, version - 1)))
            .build());
    producer.flush();
  }

  List<Checkpoint> checkpoints() {
    return read(Topic.CHECKPOINTS, Checkpoint.class).stream()
        .filter(checkpoint -> checkpoint.getRunId().equals(runId))
        .toList();
  }

  List<PolicyUpdate> updates() {
    return read(Topic.UPDATES, PolicyUpdate.class).stream()
        .filter(update -> update.getRunId().equals(runId))
        .toList();
  }

  List<DeadLetter> deadLetters() {
    return read(Topic.DEAD_LETTERS, DeadLetter.class);
  }

  /** Events of a topic, in the order of each partition. */
  <T extends SpecificRecord> List<T> read(Topic topic, Class<T> type) {
    List<T> events = new ArrayList<>();
    new EventLog(place)
        .scan(topic, SpecificRecord.class, found -> events.add(type.cast(found.event())));
    return events;
  }

  @Override
  public void close() {
    producer.close();
  }

  private void publish(GrpoBatch batch) {
    producer.send(Topic.BATCHES, runId, batch);
  }

  private GrpoBatch.Builder batch(int number, List<BatchGroup> groups) {
    return GrpoBatch.newBuilder()
        .setBatchId(Ids.batch(runId, number))
        .setRunId(runId)
        .setNumber(number)
        .setRunHash("0")
        .setAdvantage(
            AdvantageSettings.newBuilder()
                .setBaseline("mean")
                .setScale("group")
                .setDdof(0)
                .setEpsilon(1e-4)
                .build())
        .setGroups(groups)
        .setCloseReason("groups")
        .setSampledFrom(Instant.EPOCH)
        .setSampledUntil(Instant.EPOCH)
        .setJudgedUntil(Instant.EPOCH)
        .setCreatedAt(Instant.EPOCH);
  }

  private List<BatchGroup> groups(int number) {
    Random random = new Random(number);
    List<BatchGroup> groups = new ArrayList<>();
    for (int group = 0; group < GROUPS; group++) {
      String groupId = Ids.group(runId, Purpose.TRAIN, (long) number * GROUPS + group);
      List<BatchMember> members = new ArrayList<>();
      for (int index = 0; index < MEMBERS; index++) {
        members.add(member(random, groupId, index, number));
      }
      groups.add(
          BatchGroup.newBuilder()
              .setGroupId(groupId)
              .setClosedAt(Instant.EPOCH)
              .setMembers(members)
              .build());
    }
    return groups;
  }

  private BatchMember member(Random random, String groupId, int index, int number) {
    int prompt = 2 + random.nextInt(30);
    int length = 3 + random.nextInt(40);
    float[] logprobs = new float[length];
    Arrays.fill(logprobs, -2.75f);
    List<Segment> segments =
        List.of(
            Segment.newBuilder()
                .setRole("user")
                .setText("?")
                .setTokens(PackedArrays.ints(random.ints(prompt, 0, 16).toArray()))
                .build(),
            Segment.newBuilder()
                .setRole("assistant")
                .setText("!")
                .setTokens(PackedArrays.ints(random.ints(length, 0, 16).toArray()))
                .setTrained(PackedArrays.mask(length, true))
                .setLogprobs(PackedArrays.floats(logprobs))
                .build());
    Rollout rollout =
        Rollout.newBuilder()
            .setRunId(runId)
            .setGroupId(groupId)
            .setArm("AB")
            .setIndex(index)
            .setSegments(segments)
            .setSampling(
                SamplingSettings.newBuilder().setTemperature(1).setMaxTokens(64).setSeed(0).build())
            .setFinishReason(FinishReason.STOP)
            .setPolicy(PolicyStamp.newBuilder().setModel("m").setVersion(0).build())
            .setContentHash(ContentHash.of(segments))
            .setDispatchedAt(Instant.EPOCH)
            .setCreatedAt(Instant.EPOCH)
            .build();
    double advantage = index % 2 == 0 ? 1 : -1;
    return BatchMember.newBuilder()
        .setArm("AB")
        .setIndex(index)
        .setRollout(reference(groupId, rollout))
        .setReward(advantage > 0 ? 1 : 0)
        .setAdvantage(advantage)
        .setPolicyVersion((long) Math.max(0, number - 1))
        .setTrainedTokens(length)
        .build();
  }

  private RolloutReference reference(String groupId, Rollout rollout) {
    try {
      RecordMetadata written = producer.send(Topic.ROLLOUTS, groupId, rollout).get();
      return RolloutReference.newBuilder()
          .setTopic(written.topic())
          .setPartition(written.partition())
          .setOffset(written.offset())
          .setContentHash(rollout.getContentHash())
          .build();
    } catch (Exception e) {
      throw new IllegalStateException("writing a rollout", e);
    }
  }
}
