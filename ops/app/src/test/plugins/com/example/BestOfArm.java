package com.example;

import io.urteil.batch.BatchContent;
import io.urteil.batch.BatchKind;
import io.urteil.batch.BatchKindProvider;
import io.urteil.batch.DemonstrationBatches;
import io.urteil.batch.FullBatch;
import io.urteil.event.Demonstration;
import io.urteil.event.DemonstrationBatch;
import io.urteil.event.OutcomeMember;
import io.urteil.plugin.PluginSettings;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The best member of each arm as a demonstration. */
public final class BestOfArm implements BatchKindProvider {

  @Override
  public String kind() {
    return "example.best-of-arm";
  }

  @Override
  public BatchKind create(PluginSettings settings) {
    return new Best();
  }

  private record Best() implements BatchKind {

    @Override
    public String kind() {
      return "example.best-of-arm";
    }

    @Override
    public Event event() {
      return Event.DEMONSTRATION;
    }

    @Override
    public Optional<String> noSignal(List<double[]> rewards) {
      return Optional.empty();
    }

    @Override
    public BatchContent<Demonstration, DemonstrationBatch> content(FullBatch batch) {
      List<Demonstration> best =
          batch.groups().stream()
              .flatMap(
                  group ->
                      FullBatch.scoredByArm(group).stream()
                          .map(
                              arm ->
                                  DemonstrationBatches.demonstration(
                                      group,
                                      arm.stream()
                                          .max(Comparator.comparing(OutcomeMember::getReward))
                                          .orElseThrow())))
              .toList();
      return DemonstrationBatches.content(batch, best);
    }
  }
}
