package io.urteil.batch;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.List;

/** The batch kinds by name, and their run-file keys in the section {@code batch}. */
final class BatchKinds {

  private static final String GRPO = "grpo";
  private static final String PREFERENCE = "preference";
  private static final String DEMONSTRATION = "demonstration";
  private static final String NONE = "none";
  private static final List<String> NAMES = List.of(GRPO, PREFERENCE, DEMONSTRATION, NONE);

  private BatchKinds() {}

  /**
   * @param training whether the run file has a policy or a section train; without both, a run only
   *     scores unless it names a kind
   */
  static BatchKind of(Keys<BatchKind> keys, boolean training) {
    String kind =
        keys.dependent()
            .wordOr(
                "kind",
                BatchKind::kind,
                NAMES,
                training ? GRPO : NONE,
                "[^.]*\\..*",
                "The content of batches: grpo by default, or none in a file without policy and train,"
                    + " which scores without training. The name of a plug-in has a dot in it.");
    PreferenceBatches.Pairs pairs =
        keys.choice(
            "pairs",
            BatchKinds::pairs,
            PreferenceBatches.Pairs.class,
            PreferenceBatches.Pairs.BEST_WORST,
            "For preference: the members of an arm that become pairs.");
    double threshold =
        keys.dependent()
            .number(
                "threshold",
                batch -> batch instanceof DemonstrationBatches d ? (Double) d.threshold() : null,
                kind.equals(DEMONSTRATION) ? null : Double.valueOf(0),
                Bounds.ANY.expecting("the least reward, a number"),
                "For demonstration: rollouts with this reward and above are kept.");
    if (keys.has("pairs") && !kind.equals(PREFERENCE)) {
      keys.problem("pairs", "none without batch.kind preference");
    }
    if (keys.has("threshold") && !kind.equals(DEMONSTRATION)) {
      keys.problem("threshold", "none without batch.kind demonstration");
    }
    if (kind.contains(".") || keys.isDescribed()) {
      PluginBatches plugin = plugin(kind, keys);
      if (!keys.isDescribed()) {
        return plugin;
      }
    }
    return switch (kind) {
      case PREFERENCE -> new PreferenceBatches(pairs);
      case DEMONSTRATION -> new DemonstrationBatches(threshold);
      case NONE -> new NoBatches();
      default -> new GrpoBatches();
    };
  }

  private static PluginBatches plugin(String kind, Keys<BatchKind> keys) {
    return new PluginBatches(
        kind,
        keys.choice(
            "event",
            BatchKind::event,
            BatchKind.Event.class,
            BatchKind.Event.GRPO,
            "For a plug-in: the event that its batches are published as."),
        keys.opaque(
            "settings",
            batch -> ((PluginBatches) batch).settings(),
            "Settings of a plug-in, which only the plug-in interprets."));
  }

  private static PreferenceBatches.Pairs pairs(BatchKind kind) {
    return kind instanceof PreferenceBatches(PreferenceBatches.Pairs pairs)
        ? pairs
        : PreferenceBatches.Pairs.BEST_WORST;
  }
}
