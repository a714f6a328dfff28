package io.urteil.reward;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * @param rule name of the rule
 * @param judge name of the judge whose judgements it prices
 * @param prices the rule's named numbers, defaults filled in
 * @param options the rule's named choices, defaults filled in
 * @param parts of the rules {@code weighted} and {@code by-arm}, in the order of the file; empty
 *     for all others
 * @param overlong what long texts lose; null for nothing
 */
public record RewardSection(
    String rule,
    String judge,
    Map<String, Double> prices,
    Map<String, String> options,
    SequencedMap<String, RewardPart> parts,
    @Nullable Overlong overlong) {
  public RewardSection {
    prices = Map.copyOf(prices);
    options = Map.copyOf(options);
    parts = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(parts));
  }

  /** No rule yet. */
  public static final RewardSection NONE = new RewardSection("", "", Map.of());

  /** A rule of numbers alone; a run file adds the defaults of those that are not named. */
  public RewardSection(String rule, String judge, Map<String, Double> prices) {
    this(rule, judge, prices, Map.of(), new LinkedHashMap<>(), null);
  }

  /** Whether it prices each member by itself, whatever arms there are. */
  public boolean pricesEachMemberAlone() {
    return !rule.equals(RewardRules.BY_ARM)
        && !RewardRules.isPaired(rule)
        && parts.values().stream().allMatch(part -> part.rule().pricesEachMemberAlone());
  }

  /** Another judge. */
  public RewardSection withJudge(String other) {
    return new RewardSection(rule, other, prices, options, parts, overlong);
  }

  /** Another punishment of long texts, or none. */
  public RewardSection withOverlong(@Nullable Overlong other) {
    return new RewardSection(rule, judge, prices, options, parts, other);
  }

  /** The price of this name; the reader has made sure that it is there. */
  public double price(String name) {
    Double price = prices.get(name);
    if (price == null) {
      throw new IllegalArgumentException("reward rule " + rule + " has no price '" + name + "'");
    }
    return price;
  }

  /** The price of this name, where the run file names one. */
  public OptionalDouble priceIfNamed(String name) {
    Double price = prices.get(name);
    return price == null ? OptionalDouble.empty() : OptionalDouble.of(price);
  }

  /** Whether the choice of this name is this one. */
  public boolean is(String option, String choice) {
    return choice.equals(options.get(option));
  }

  /** The judges whose judgements are priced. */
  public List<String> judges() {
    return parts.isEmpty()
        ? List.of(judge)
        : parts.values().stream().map(part -> part.rule().judge()).distinct().toList();
  }
}
