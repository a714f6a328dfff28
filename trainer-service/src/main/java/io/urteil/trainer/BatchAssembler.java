package io.urteil.trainer;

import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GrpoBatch;
import io.urteil.event.RecordPosition;
import io.urteil.trainer.TrainingBatch.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Assembles the chunks of a batch. The chunks of one run are in order in the topic, since one task
 * writes them in transactions. Another order means that the topic was damaged or changed.
 */
final class BatchAssembler {

  private final List<Member> members = new ArrayList<>();
  private int nextPart;
  private long number;
  private @Nullable RecordPosition first;

  /** Adds a chunk; returns the batch after the last one. */
  Optional<TrainingBatch> add(GrpoBatch part, RecordPosition position) {
    List<Member> ofPart =
        part.getGroups().stream()
            .flatMap(group -> group.getMembers().stream())
            .map(
                member ->
                    new Member(
                        member.getRollout(),
                        member.getReward(),
                        member.getAdvantage(),
                        member.getPolicyVersion()))
            .toList();
    return add(
        new Part(part.getBatchId(), part.getNumber(), part.getPart(), part.getParts()),
        ofPart,
        position);
  }

  /** Adds a chunk; returns the batch after the last one. Demonstrations have no advantage. */
  Optional<TrainingBatch> add(DemonstrationBatch part, RecordPosition position) {
    List<Member> ofPart =
        part.getDemonstrations().stream()
            .map(shown -> new Member(shown.getRollout(), shown.getReward(), 0, null))
            .toList();
    return add(
        new Part(part.getBatchId(), part.getNumber(), part.getPart(), part.getParts()),
        ofPart,
        position);
  }

  private Optional<TrainingBatch> add(Part part, List<Member> ofPart, RecordPosition position) {
    boolean expected = part.index() == nextPart && (nextPart == 0 || part.number() == number);
    if (!expected) {
      throw new IllegalStateException(
          "Batch '%s' part %d at offset %d (expected: part %d%s); was the batches topic changed?"
              .formatted(
                  part.batchId(),
                  part.index(),
                  position.offset(),
                  nextPart,
                  nextPart == 0 ? "" : " of batch number " + number));
    }
    RecordPosition begin = first == null ? position : first;
    first = begin;
    number = part.number();
    members.addAll(ofPart);
    nextPart++;
    if (nextPart < part.count()) {
      return Optional.empty();
    }
    RecordPosition resume = position.next();
    TrainingBatch batch = new TrainingBatch(part.batchId(), part.number(), members, begin, resume);
    members.clear();
    nextPart = 0;
    first = null;
    return Optional.of(batch);
  }

  private record Part(String batchId, long number, int index, int count) {}
}
