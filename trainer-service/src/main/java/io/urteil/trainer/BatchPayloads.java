package io.urteil.trainer;

import io.urteil.event.EventLog;
import io.urteil.event.Namespace;
import io.urteil.event.Rollout;
import io.urteil.event.RolloutReader;
import io.urteil.event.RolloutReader.Payload;
import io.urteil.event.RolloutReference;
import io.urteil.event.Topic;
import io.urteil.trainer.TrainingBatch.Member;
import io.urteil.trainer.objective.Objective;
import io.urteil.trainer.objective.TrainingSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Fetches the payloads of a batch, and converts them to rows. Not thread-safe. */
final class BatchPayloads implements AutoCloseable {

  private final RolloutReader reader;
  private final EventLog log;
  private final String topic;
  private final Objective objective;
  private int partitions;

  /**
   * @param objective of the run
   */
  BatchPayloads(Namespace place, Objective objective) {
    this.reader = new RolloutReader(place);
    this.log = new EventLog(place);
    this.topic = Topic.ROLLOUTS.in(place);
    this.objective = objective;
  }

  /** The result of fetching a batch. */
  sealed interface Fetched {

    /**
     * All rows, in batch order.
     *
     * @param policyVersions that sampled each row, if known
     */
    record Rows(List<TrainingSequence> sequences, List<OptionalLong> policyVersions)
        implements Fetched {}

    /** At least one payload is missing or unusable; names it and the cause. */
    record Unusable(String reason) implements Fetched {}
  }

  Fetched fetch(TrainingBatch batch) {
    for (Member member : batch.members()) {
      if (!isRollout(member.rollout())) {
        return unusable(
            batch, member, "no position of a rollout (expected: one of topic %s)".formatted(topic));
      }
    }
    Map<RolloutReference, Payload> payloads =
        reader.read(batch.members().stream().map(Member::rollout).toList());
    List<TrainingSequence> sequences = new ArrayList<>();
    List<OptionalLong> policyVersions = new ArrayList<>();
    for (Member member : batch.members()) {
      switch (payloads.get(member.rollout())) {
        case Payload.Found(Rollout rollout) -> {
          try {
            sequences.add(RolloutSequences.of(rollout, member.advantage(), temperature(rollout)));
          } catch (IllegalArgumentException e) {
            return unusable(batch, member, String.valueOf(e.getMessage()));
          }
          policyVersions.add(policyVersion(member, rollout));
        }
        case Payload.Missing(String reason) -> {
          return unusable(batch, member, reason);
        }
        case null -> {
          return unusable(batch, member, "not read");
        }
      }
    }
    return new Fetched.Rows(sequences, policyVersions);
  }

  @Override
  public void close() {
    reader.close();
  }

  /** Whether there can be a record: a reader waits for one that there cannot be. */
  private boolean isRollout(RolloutReference reference) {
    if (!reference.getTopic().equals(topic)
        || reference.getPartition() < 0
        || reference.getOffset() < 0) {
      return false;
    }
    if (reference.getPartition() >= partitions) {
      partitions = log.partitions(Topic.ROLLOUTS).size();
    }
    return reference.getPartition() < partitions;
  }

  /** The expected sampling temperature of the rollout. */
  private double temperature(Rollout rollout) {
    boolean any = !objective.needsSamplersTemperature() && rollout.getSampling() != null;
    return any ? rollout.getSampling().getTemperature() : objective.temperature();
  }

  private static OptionalLong policyVersion(Member member, Rollout rollout) {
    Long ofMember = member.policyVersion();
    if (ofMember != null) {
      return OptionalLong.of(ofMember);
    }
    return rollout.getPolicy() == null
        ? OptionalLong.empty()
        : OptionalLong.of(rollout.getPolicy().getVersion());
  }

  private static Fetched unusable(TrainingBatch batch, Member member, String reason) {
    RolloutReference reference = member.rollout();
    return new Fetched.Unusable(
        "Batch '%s': rollout at %s-%d offset %d: %s"
            .formatted(
                batch.batchId(),
                reference.getTopic(),
                reference.getPartition(),
                reference.getOffset(),
                reason));
  }
}
