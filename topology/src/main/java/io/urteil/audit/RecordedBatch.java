package io.urteil.audit;

import io.urteil.event.BatchGroup;
import io.urteil.event.Demonstration;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.GrpoBatch;
import io.urteil.event.PreferenceBatch;
import io.urteil.event.PreferencePair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/**
 * A published batch of any kind.
 *
 * @param batchId id of the batch
 * @param number number of the batch in the run, from 0
 * @param expectedParts number of parts according to the first part
 * @param runHash hash of the run file
 * @param parts all records with this number, sorted by part, duplicates included
 */
public record RecordedBatch(
    String batchId,
    long number,
    int expectedParts,
    String runHash,
    List<RecordedEvent<Part>> parts) {

  /**
   * One part of a batch.
   *
   * @param event the event
   * @param part number of the part, from 0
   * @param groups ids of its groups, in batch order
   */
  public record Part(SpecificRecord event, int part, List<String> groups) {}

  /** The batches of a run by number. */
  public static SortedMap<Long, RecordedBatch> of(List<RecordedEvent<SpecificRecord>> records) {
    SortedMap<Long, RecordedBatch> batches = new TreeMap<>();
    for (RecordedEvent<SpecificRecord> record : records) {
      RecordedBatch single = single(record);
      if (single != null) {
        batches.merge(single.number, single, RecordedBatch::merge);
      }
    }
    return batches;
  }

  /**
   * Whether the batch lists all of its groups. Preference and demonstration batches of older
   * versions list only groups with a pair or demonstration.
   */
  public boolean namesItsGroups() {
    return switch (parts.getFirst().event().event()) {
      case PreferenceBatch batch -> !batch.getGroups().isEmpty();
      case DemonstrationBatch batch -> !batch.getGroups().isEmpty();
      default -> true;
    };
  }

  /** Whether no part is missing. */
  public boolean isComplete() {
    return parts.stream().map(part -> part.event().part()).distinct().count() == expectedParts;
  }

  /** The parts without duplicates, in order. */
  public List<RecordedEvent<Part>> distinctParts() {
    Map<Integer, RecordedEvent<Part>> once = new TreeMap<>();
    parts.forEach(part -> once.putIfAbsent(part.event().part(), part));
    return List.copyOf(once.values());
  }

  /** The ids of the groups, in batch order. */
  public List<String> groups() {
    return distinctParts().stream()
        .flatMap(part -> part.event().groups().stream())
        .distinct()
        .toList();
  }

  private RecordedBatch merge(RecordedBatch other) {
    List<RecordedEvent<Part>> all = new ArrayList<>(parts);
    all.addAll(other.parts);
    all.sort(Comparator.comparingInt(part -> part.event().part()));
    return new RecordedBatch(batchId, number, expectedParts, runHash, all);
  }

  private static @Nullable RecordedBatch single(RecordedEvent<SpecificRecord> record) {
    return switch (record.event()) {
      case GrpoBatch batch ->
          new RecordedBatch(
              batch.getBatchId(),
              batch.getNumber(),
              batch.getParts(),
              batch.getRunHash(),
              part(
                  record,
                  batch.getPart(),
                  batch.getGroups().stream().map(BatchGroup::getGroupId).toList()));
      case PreferenceBatch batch ->
          new RecordedBatch(
              batch.getBatchId(),
              batch.getNumber(),
              batch.getParts(),
              batch.getRunHash(),
              part(
                  record,
                  batch.getPart(),
                  orElse(
                      batch.getGroups(),
                      batch.getPairs().stream().map(PreferencePair::getGroupId).toList())));
      case DemonstrationBatch batch ->
          new RecordedBatch(
              batch.getBatchId(),
              batch.getNumber(),
              batch.getParts(),
              batch.getRunHash(),
              part(
                  record,
                  batch.getPart(),
                  orElse(
                      batch.getGroups(),
                      batch.getDemonstrations().stream().map(Demonstration::getGroupId).toList())));
      default -> null;
    };
  }

  private static List<String> orElse(List<String> named, List<String> held) {
    return named.isEmpty() ? held : named;
  }

  private static List<RecordedEvent<Part>> part(
      RecordedEvent<SpecificRecord> record, int part, List<String> groups) {
    return List.of(new RecordedEvent<>(new Part(record.event(), part, groups), record.position()));
  }
}
