package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;

/**
 * @param maxVersionsBehind how many versions the sampler may be behind the version that trains on
 *     its rollouts
 * @param exact whether it must be exactly that many
 */
public record StalenessSection(int maxVersionsBehind, boolean exact) {

  /** At most one version behind. */
  public static final StalenessSection DEFAULT = Keys.defaults(StalenessSection::of);

  static StalenessSection of(Keys<StalenessSection> keys) {
    return new StalenessSection(
        keys.whole(
            "maxVersionsBehind",
            StalenessSection::maxVersionsBehind,
            1,
            Bounds.WHOLE_FROM_0,
            "How many versions sampling may be behind the version that trains on it. 0 waits for"
                + " every update."),
        keys.flag(
            "exact", StalenessSection::exact, false, "Whether it must be exactly that many."));
  }
}
