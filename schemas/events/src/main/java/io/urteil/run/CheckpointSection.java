package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;

/**
 * @param fullEvery number of versions between full checkpoints, which include optimiser and random
 *     state
 * @param keep number of newest versions that stay on disk
 */
public record CheckpointSection(int fullEvery, int keep) {

  /** Five versions, all of them full. */
  public static final CheckpointSection DEFAULT = Keys.defaults(CheckpointSection::of);

  static CheckpointSection of(Keys<CheckpointSection> keys) {
    return new CheckpointSection(
        keys.integer(
            "fullEvery",
            CheckpointSection::fullEvery,
            1,
            Bounds.INTEGER_FROM_1,
            "Number of versions between full checkpoints, which include optimiser and random"
                + " state. The last version is always full."),
        keys.integer(
            "keep",
            CheckpointSection::keep,
            5,
            Bounds.INTEGER_FROM_1,
            "Number of newest versions that stay on disk. The last full one and those that"
                + " sampling may still need stay as well."));
  }

  /** A copy with another number of versions on disk. */
  public CheckpointSection withKeep(int other) {
    return new CheckpointSection(fullEvery, other);
  }
}
