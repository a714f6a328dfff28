package io.urteil.trainer;

import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GrpoBatch;
import io.urteil.event.RecordPosition;
import io.urteil.trainer.TrainingBatch.Member;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Assembles the chunks of batches. The chunks of a batch are in order in the topic, since one task
 * writes them in transactions; a chunk out of order is a repeated or a foreign record. Chunks of
 * several batches may alternate, so that a foreign one does not end the batch before it, and a
 * repeated first chunk begins its batch again. At most {@value #MAX_UNFINISHED} batches are
 * unfinished; a further one replaces the oldest.
 */
final class BatchAssembler {

  private static final int MAX_UNFINISHED = 8;

  private final SequencedMap<Key, Unfinished> unfinished = new LinkedHashMap<>();
  private final List<TrainingBatch> dropped = new ArrayList<>();

  private record Key(String batchId, long number, int parts) {}

  private record Unfinished(RecordPosition first, List<Member> members, int nextPart) {}

  /** A chunk that continues no batch. */
  static final class UnexpectedPartException extends IllegalStateException {
    @java.io.Serial private static final long serialVersionUID = 1L;

    UnexpectedPartException(String message) {
      super(message);
    }
  }

  /**
   * Adds a chunk; returns the batch after the last one.
   *
   * @throws UnexpectedPartException if it continues no batch; nothing is changed
   */
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

  /** As {@link #add(GrpoBatch, RecordPosition)}. Demonstrations have no advantage. */
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

  /** The unfinished batches that were replaced, each returned once. */
  List<TrainingBatch> drainDropped() {
    List<TrainingBatch> all = List.copyOf(dropped);
    dropped.clear();
    return all;
  }

  private Optional<TrainingBatch> add(Part part, List<Member> ofPart, RecordPosition position) {
    Key key = new Key(part.batchId(), part.number(), part.count());
    Unfinished begun = unfinished.get(key);
    if (begun != null && part.index() == 0) {
      // The chunks of a batch follow each other, so its first chunk begins it.
      drop(key, begun);
      begun = null;
    }
    Unfinished before = begun == null ? new Unfinished(position, List.of(), 0) : begun;
    if (part.index() != before.nextPart() || part.index() < 0 || part.index() >= part.count()) {
      throw new UnexpectedPartException(
          "Batch '%s' part %d at offset %d (expected: %s); was the batches topic changed?"
              .formatted(part.batchId(), part.index(), position.offset(), expected()));
    }
    List<Member> members = new ArrayList<>(before.members());
    members.addAll(ofPart);
    unfinished.remove(key);
    if (part.index() + 1 == part.count()) {
      return Optional.of(
          new TrainingBatch(
              part.batchId(), part.number(), members, before.first(), position.next()));
    }
    unfinished.putLast(key, new Unfinished(before.first(), members, part.index() + 1));
    if (unfinished.size() > MAX_UNFINISHED) {
      Map.Entry<Key, Unfinished> oldest = unfinished.firstEntry();
      drop(oldest.getKey(), oldest.getValue());
    }
    return Optional.empty();
  }

  private void drop(Key key, Unfinished batch) {
    unfinished.remove(key);
    dropped.add(
        new TrainingBatch(key.batchId(), key.number(), List.of(), batch.first(), batch.first()));
  }

  private String expected() {
    Map.Entry<Key, Unfinished> newest = unfinished.lastEntry();
    return newest == null
        ? "part 0"
        : "part %d of batch number %d"
            .formatted(newest.getValue().nextPart(), newest.getKey().number());
  }

  private record Part(String batchId, long number, int index, int count) {}
}
