package io.urteil.topology;

import io.urteil.batch.DemonstrationBatches;
import io.urteil.event.TestEvents;
import io.urteil.run.OnMissing;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;

/** The run of {@link TestEvents}, and what tests make of it. */
public final class TestRun {

  private static final RunFile PLAIN = RunFileReader.read("test", TestEvents.RUN_FILE);

  private TestRun() {}

  /** The run as it stands in {@link TestEvents#RUN_FILE}. */
  public static RunFile plain() {
    return PLAIN;
  }

  /** The run with this for groups that lack members. */
  public static RunFile onMissing(OnMissing onMissing) {
    return PLAIN.edit().group(group -> group.withOnMissing(onMissing)).build();
  }

  /** A run of demonstrations of at least this reward, one group to a batch. */
  public static RunFile demonstrations(double threshold) {
    return PLAIN
        .edit()
        .batch(batch -> batch.withKind(new DemonstrationBatches(threshold)).withGroups(1))
        .train(train -> train.withObjective("sft").withSteps(1).withLearningRate(1e-4))
        .build();
  }
}
