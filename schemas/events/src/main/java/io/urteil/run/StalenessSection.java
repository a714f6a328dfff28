package io.urteil.run;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;

/**
 * @param maxVersionsBehind maximum lag in versions
 * @param exact whether the lag must be exactly that number
 */
public record StalenessSection(int maxVersionsBehind, boolean exact) {

  /** A lag of at most one version. */
  public static final StalenessSection DEFAULT = Keys.defaults(StalenessSection::of);

  static StalenessSection of(Keys<StalenessSection> keys) {
    return new StalenessSection(
        keys.integer(
            "maxVersionsBehind",
            StalenessSection::maxVersionsBehind,
            1,
            Bounds.INTEGER_FROM_0,
            "Maximum lag in versions. 0 waits for every update."),
        keys.flag(
            "exact",
            StalenessSection::exact,
            false,
            "Whether the lag must be exactly that number."));
  }
}
