package io.urteil.reward;

import java.util.Collection;
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
  public static final String WEIGHTED = "weighted";

  /** The rule that leaves each arm to another. */
  public static final String BY_ARM = "by-arm";

  /** Price of a text that could not be read. */
  static final String UNPARSEABLE = "unparseable";

  private static final String RIGHT = "Price of a right verdict or answer.";
  private static final String WRONG = "Price of a wrong verdict or answer.";

  /** Rules over pairs of members with the same index, one in each of two arms. */
  private static final Set<String> PAIRED =
      Set.of("j1-consistency", "j1-pointwise", "score-shaping");

  /**
   * @param fallback null when the price has none
   * @param required whether the run file must name it, unless there is a fallback
   */
  public record Price(@Nullable Double fallback, boolean required, String meaning) {}

  /**
   * @param choices the default first
   */
  public record Option(List<String> choices, String meaning) {}

  /** A rule and the keys that it has besides {@code judge}. */
  public record Form(
      String name, SequencedMap<String, Price> prices, SequencedMap<String, Option> options) {

    Form with(String name, double fallback, String meaning) {
      prices.put(name, new Price(fallback, false, meaning));
      return this;
    }

    Form required(String name, String meaning) {
      prices.put(name, new Price(null, true, meaning));
      return this;
    }

    Form optional(String name, String meaning) {
      prices.put(name, new Price(null, false, meaning));
      return this;
    }

    Form choice(String name, String meaning, String... choices) {
      options.put(name, new Option(List.of(choices), meaning));
      return this;
    }

    Form rightAndWrong(double right, double wrong) {
      return with("right", right, RIGHT).with("wrong", wrong, WRONG);
    }

    Form unparseable() {
      return required(UNPARSEABLE, "Price of a text in which no verdict or answer can be read.");
    }
  }

  private static final SequencedMap<String, Form> RULES = new LinkedHashMap<>();

  static {
    add("correct").rightAndWrong(1, 0).unparseable();
    add("j1-verdict").rightAndWrong(1, 0).unparseable();
    add("j1-consistency")
        .rightAndWrong(1, 0)
        .with("consistent", 1, "Paid to both members of a pair that are both right.")
        .unparseable()
        .choice(
            "consistency",
            "Whether that is added to the verdict's price or replaces it; then a pair that is not"
                + " right in both orders is wrong.",
            "adds",
            "replaces");
    add("j1-pointwise").rightAndWrong(1, 0).unparseable();
    add("plus-minus-one").rightAndWrong(1, -1).unparseable();
    add("judgelrm")
        .with("format", 1, "Paid for two scores in range.")
        .with("relation", 2, "Paid when they order the answers as the reference does.")
        .with("mismatch", -1.5, "Paid when they do not.")
        .with("exact", 1, "Paid when both are those of the reference.")
        .with("near", 0.6, "Paid when they are off by at most 2 in all, and the order is right.")
        .with(
            "confidence",
            0.2,
            "Paid when the order is right and the scores are at least as far apart as the"
                + " reference's.")
        .with("long", 0, "Added to texts of more than longTokens.")
        .with("longTokens", 120, "That length.")
        .with("truncated", 0, "Added to texts that ended because they might not be longer.")
        .unparseable()
        .optional(
            "badScores",
            "Price of a text in the right form whose scores are not in range; that of unparseable"
                + " unless it is set.")
        .choice(
            "dialect",
            "The paper's rule (sign of the difference, scores 1 to 10) or its code's (>= on both"
                + " sides, scores 0 to 10).",
            "paper",
            "code");
    add("think-j")
        .rightAndWrong(1, 0)
        .with(
            "unclearStrength",
            0.5,
            "With strengths: the right side, with a strength that is none of 1, 2, 3.")
        .unparseable()
        .choice("variant", "What is graded.", "verdict", "strength", "score")
        .choice(
            "asPublished",
            "Pay what its code pays for a text that cannot be read, 0.5 (0 with strengths), unless"
                + " unparseable says otherwise. It is more than for a wrong verdict, and teaches to"
                + " say nothing.",
            "false",
            "true");
    add("self-verify")
        .rightAndWrong(1, 0)
        .with("verified", 1, "Price of a right verification, times its weight.")
        .unparseable();
    add("score-shaping")
        .rightAndWrong(1, 0)
        .required("alpha", "Weight of the progress between two attempts; above 1 in the paper.")
        .unparseable();
    add("scalar")
        .with("scale", 1, "What the score is multiplied by.")
        .with("offset", 0, "What is added then.")
        .optional(
            UNPARSEABLE,
            "Price of a text in which no verdict or answer can be read; such a text is not paid"
                + " unless it is set.");
    add(WEIGHTED);
    add(BY_ARM);
  }

  private RewardRules() {}

  static String names() {
    return String.join(", ", RULES.keySet());
  }

  public static Collection<Form> all() {
    return RULES.values();
  }

  /** The rules that are not made of others. */
  public static Collection<Form> single() {
    return RULES.values().stream().filter(form -> !hasParts(form.name())).toList();
  }

  /** Whether a rule is made of others, none of which is so itself. */
  static boolean hasParts(String rule) {
    return rule.equals(WEIGHTED) || rule.equals(BY_ARM);
  }

  public static boolean isPaired(String rule) {
    return PAIRED.contains(rule);
  }

  private static Form add(String rule) {
    Form form = new Form(rule, new LinkedHashMap<>(), new LinkedHashMap<>());
    RULES.put(rule, form);
    return form;
  }
}
