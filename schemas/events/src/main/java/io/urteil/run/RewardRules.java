package io.urteil.run;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The reward rules by name, each with its prices and their defaults. What an unparseable verdict
 * costs has no default in any rule: the papers disagree from +0.5 to -3, so a run file must say it.
 */
public final class RewardRules {

  private static final Map<String, Map<String, @Nullable Double>> RULES = new LinkedHashMap<>();

  static {
    RULES.put("correct", prices("right", 1.0, "wrong", 0.0, "unparseable", null));
    RULES.put("j1-verdict", prices("right", 1.0, "wrong", 0.0, "unparseable", null));
    RULES.put(
        "j1-consistency",
        prices("right", 1.0, "wrong", 0.0, "consistent", 1.0, "unparseable", null));
  }

  private RewardRules() {}

  static String names() {
    return String.join(", ", RULES.keySet());
  }

  static @Nullable Map<String, @Nullable Double> prices(String rule) {
    return RULES.get(rule);
  }

  private static Map<String, @Nullable Double> prices(@Nullable Object... namesAndPrices) {
    Map<String, @Nullable Double> prices = new LinkedHashMap<>();
    for (int i = 0; i < namesAndPrices.length; i += 2) {
      prices.put(String.valueOf(namesAndPrices[i]), (Double) namesAndPrices[i + 1]);
    }
    return prices;
  }
}
