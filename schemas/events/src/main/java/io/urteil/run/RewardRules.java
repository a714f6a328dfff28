package io.urteil.run;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reward rules by name, each with its prices, choices and their defaults. What an unparseable
 * verdict costs has no default in any rule: the papers disagree from +0.5 to -3, so a run file must
 * say it.
 */
public final class RewardRules {

  /** The rule that sums others. */
  static final String WEIGHTED = "weighted";

  /** The rule that leaves each arm to another. */
  static final String BY_ARM = "by-arm";

  /** Price of a text that could not be read. */
  static final String UNPARSEABLE = "unparseable";

  /** Rules over pairs of members with the same index, one in each of two arms. */
  private static final Set<String> PAIRED =
      Set.of("j1-consistency", "j1-pointwise", "score-shaping");

  /**
   * @param fallback null when the price has none
   * @param required whether the run file must name it, unless there is a fallback
   */
  record Price(@Nullable Double fallback, boolean required) {}

  /**
   * @param options the choices of each, the default first
   */
  record Form(SequencedMap<String, Price> prices, SequencedMap<String, List<String>> options) {

    Form with(String name, double fallback) {
      prices.put(name, new Price(fallback, false));
      return this;
    }

    Form required(String name) {
      prices.put(name, new Price(null, true));
      return this;
    }

    Form optional(String name) {
      prices.put(name, new Price(null, false));
      return this;
    }

    Form choice(String name, String... choices) {
      options.put(name, List.of(choices));
      return this;
    }
  }

  private static final SequencedMap<String, Form> RULES = new LinkedHashMap<>();

  static {
    add("correct").with("right", 1).with("wrong", 0).required(UNPARSEABLE);
    add("j1-verdict").with("right", 1).with("wrong", 0).required(UNPARSEABLE);
    add("j1-consistency")
        .with("right", 1)
        .with("wrong", 0)
        .with("consistent", 1)
        .required(UNPARSEABLE)
        .choice("consistency", "adds", "replaces");
    add("j1-pointwise").with("right", 1).with("wrong", 0).required(UNPARSEABLE);
    add("plus-minus-one").with("right", 1).with("wrong", -1).required(UNPARSEABLE);
    add("judgelrm")
        .with("format", 1)
        .with("relation", 2)
        .with("mismatch", -1.5)
        .with("exact", 1)
        .with("near", 0.6)
        .with("confidence", 0.2)
        .with("long", 0)
        .with("longTokens", 120)
        .with("truncated", 0)
        .required(UNPARSEABLE)
        .optional("badScores")
        .choice("dialect", "paper", "code");
    add("think-j")
        .with("right", 1)
        .with("wrong", 0)
        .with("unclearStrength", 0.5)
        .required(UNPARSEABLE)
        .choice("variant", "verdict", "strength", "score")
        .choice("asPublished", "false", "true");
    add("self-verify").with("right", 1).with("wrong", 0).with("verified", 1).required(UNPARSEABLE);
    add("score-shaping").with("right", 1).with("wrong", 0).required("alpha").required(UNPARSEABLE);
    add("scalar").with("scale", 1).with("offset", 0).optional(UNPARSEABLE);
    add(WEIGHTED);
    add(BY_ARM);
  }

  private RewardRules() {}

  static String names() {
    return String.join(", ", RULES.keySet());
  }

  static @Nullable Form form(String rule) {
    return RULES.get(rule);
  }

  /** Whether a rule is made of others, none of which is so itself. */
  static boolean hasParts(String rule) {
    return rule.equals(WEIGHTED) || rule.equals(BY_ARM);
  }

  static boolean isPaired(String rule) {
    return PAIRED.contains(rule);
  }

  private static Form add(String rule) {
    Form form = new Form(new LinkedHashMap<>(), new LinkedHashMap<>());
    RULES.put(rule, form);
    return form;
  }
}
