package io.urteil.plugin;

import io.urteil.advantage.AdvantageProvider;
import io.urteil.batch.BatchKind;
import io.urteil.batch.BatchKindProvider;
import io.urteil.batch.DemonstrationBatches;
import io.urteil.reward.RewardResult;
import io.urteil.reward.RewardRuleProvider;
import java.util.List;

/** Plug-ins of the test class path, each with a setting that makes it fail. */
public final class TestPlugins {

  private TestPlugins() {}

  /** Rewards every member with {@code value}; {@code fails} says how it misbehaves. */
  public static final class Constant implements RewardRuleProvider {
    @Override
    public String rule() {
      return "test.constant";
    }

    @Override
    public Rewards create(String judge, PluginSettings settings) {
      double value = settings.number("value", 1.0);
      return switch (settings.text("fails", "")) {
        case "throws" ->
            group -> {
              throw new IllegalStateException("out of order");
            };
        case "short" -> group -> List.of();
        default ->
            group ->
                group.stream()
                    .<RewardResult>map(member -> RewardResult.Scored.of(judge, value, null))
                    .toList();
      };
    }
  }

  /** The reward itself, times {@code factor}. */
  public static final class Raw implements AdvantageProvider {
    @Override
    public String name() {
      return "test.raw";
    }

    @Override
    public Estimator create(PluginSettings settings) {
      double factor = settings.number("factor", 1.0);
      boolean drops = settings.flag("drops", false);
      return (batch, weights) ->
          batch.stream()
              .skip(drops ? 1 : 0)
              .map(arm -> java.util.Arrays.stream(arm.rewards()).map(r -> r * factor).toArray())
              .toList();
    }
  }

  /** Demonstrations of any reward. */
  public static final class All implements BatchKindProvider {
    @Override
    public String kind() {
      return "test.all";
    }

    @Override
    public BatchKind create(PluginSettings settings) {
      return new DemonstrationBatches(Double.NEGATIVE_INFINITY);
    }
  }
}
