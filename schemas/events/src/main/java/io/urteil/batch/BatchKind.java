package io.urteil.batch;

import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * A kind of batch with its settings: what closed groups become. Pure and thread-safe: an audit
 * builds the batches again and compares.
 */
public interface BatchKind {

  /** Its name in run files. */
  String kind();

  /** The event that its batches are published as. */
  Event event();

  /**
   * The reason why a batch would learn nothing from a group; empty if it would learn.
   *
   * @param rewards rewards of the group, for each arm
   */
  Optional<String> noSignal(List<double[]> rewards);

  /** The content of a full batch. Never called if the event is {@link Event#NONE}. */
  BatchContent<?, ? extends SpecificRecordBase> content(FullBatch batch);

  /**
   * Checks that the plug-ins that it uses are installed in this process.
   *
   * @throws IllegalArgumentException if one is not, or rejects its settings
   */
  default void requireInstalled() {}

  /** The events of batches. */
  enum Event {
    /** {@link io.urteil.event.GrpoBatch}: rollouts with advantages. */
    GRPO,
    /** {@link io.urteil.event.PreferenceBatch}: pairs of a chosen and a rejected rollout. */
    PREFERENCE,
    /** {@link io.urteil.event.DemonstrationBatch}: rollouts to imitate. */
    DEMONSTRATION,
    /** None: the run scores without training. */
    NONE
  }
}
