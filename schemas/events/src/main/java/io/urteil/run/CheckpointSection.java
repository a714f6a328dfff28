package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;

/**
 * @param fullEvery every how many versions optimiser and random state are written too
 * @param keep how many of the newest versions are kept on disk
 */
public record CheckpointSection(int fullEvery, int keep) {

  /** Five versions, all of them full. */
  public static final CheckpointSection DEFAULT = Keys.defaults(CheckpointSection::of);

  static CheckpointSection of(Keys<CheckpointSection> keys) {
    return new CheckpointSection(
        keys.whole(
            "fullEvery",
            CheckpointSection::fullEvery,
            1,
            Bounds.WHOLE_FROM_1,
            "Every how many versions optimiser and random state are written too. The last version"
                + " always has them."),
        keys.whole(
            "keep",
            CheckpointSection::keep,
            5,
            Bounds.WHOLE_FROM_1,
            "How many of the newest versions stay on disk. The last full one and those that"
                + " sampling may still need stay as well."));
  }

  /** Another number of versions on disk. */
  public CheckpointSection withKeep(int other) {
    return new CheckpointSection(fullEvery, other);
  }
}
