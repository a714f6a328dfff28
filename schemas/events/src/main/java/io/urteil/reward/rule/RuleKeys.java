package io.urteil.reward.rule;

import io.urteil.reward.RewardRule;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one rule in the section {@code reward}: those of {@link Keys}, and those that rules
 * share.
 *
 * @param keys the mapping of the rule
 * @param judges names of the run's judges
 * @param <R> the rule
 */
record RuleKeys<R extends RewardRule>(Keys<R> keys, Collection<String> judges) {

  static final String UNPARSEABLE_MEANING =
      "Reward of a text in which no verdict or answer can be read.";

  /** The judge whose judgements are scored; the first of the run by default. */
  String judge() {
    return keys.nameOf(
        "judge",
        RewardRule::judge,
        keys.isDescribed() ? List.of("judge") : judges,
        "the name of a judge",
        "The judge whose judgements are scored; the first of the file unless it is set.");
  }

  /** The values of correct, incorrect and unparseable verdicts. */
  VerdictValues verdictValues(Function<R, VerdictValues> get, double right, double wrong) {
    return new VerdictValues(
        right(get, right), wrong(get, wrong), unparseable(rule -> get.apply(rule).unparseable()));
  }

  double right(Function<R, VerdictValues> get, double fallback) {
    return value(
        "right",
        rule -> get.apply(rule).right(),
        fallback,
        "Reward of a correct verdict or answer.");
  }

  double wrong(Function<R, VerdictValues> get, double fallback) {
    return value(
        "wrong",
        rule -> get.apply(rule).wrong(),
        fallback,
        "Reward of an incorrect verdict or answer.");
  }

  /** Has no default: published values range from +0.5 to -3. */
  double unparseable(Function<R, Double> get) {
    return required(VerdictScoring.UNPARSEABLE, get, UNPARSEABLE_MEANING);
  }

  double value(String name, Function<R, Double> get, double fallback, String meaning) {
    return keys.number(name, get, fallback, Bounds.ANY, meaning);
  }

  double required(String name, Function<R, Double> get, String meaning) {
    return keys.number(
        name, get, null, Bounds.ANY.expecting("a number; this value has no default"), meaning);
  }

  @Nullable Double optional(String name, Function<R, @Nullable Double> get, String meaning) {
    return keys.optionalNumber(name, get, Bounds.ANY, meaning);
  }
}
