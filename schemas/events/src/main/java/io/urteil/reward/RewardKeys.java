package io.urteil.reward;

import io.urteil.run.SamplingSection;
import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the section {@code reward}: a rule, or several rules that are summed or have an arm
 * each. What a judge is called and what a long text is are said in other sections.
 */
public final class RewardKeys {

  private final Collection<String> judges;
  private final SamplingSection sampling;

  public RewardKeys(Collection<String> judges, SamplingSection sampling) {
    this.judges = judges;
    this.sampling = sampling;
  }

  public RewardSection of(Keys<RewardSection> keys) {
    return rule(keys, RewardRules.all(), this::whole);
  }

  private RewardSection part(Keys<RewardSection> keys) {
    return rule(keys, RewardRules.single(), this::alone);
  }

  private static RewardSection rule(
      Keys<RewardSection> keys, Collection<RewardRules.Form> forms, Rule rule) {
    String expected = "one of " + RewardRules.names();
    SequencedMap<String, Function<Keys<RewardSection>, RewardSection>> kinds =
        new LinkedHashMap<>();
    forms.forEach(form -> kinds.put(form.name(), of -> rule.of(of, form)));
    return keys.kind(
        "rule",
        RewardSection::rule,
        kinds,
        "",
        null,
        expected,
        expected,
        RewardSection.NONE,
        "The rule that prices judgements.");
  }

  /** The keys of one rule. */
  private interface Rule {
    RewardSection of(Keys<RewardSection> keys, RewardRules.Form form);
  }

  private RewardSection whole(Keys<RewardSection> keys, RewardRules.Form form) {
    RewardSection rule =
        switch (form.name()) {
          case RewardRules.WEIGHTED -> sum(keys, form, this::weighted, "the sum's parts");
          case RewardRules.BY_ARM -> sum(keys, form, this::ofArms, "each arm's part");
          default -> alone(keys, form);
        };
    Overlong overlong =
        keys.optional(
            "overlong",
            false,
            RewardSection::overlong,
            inner -> Overlong.of(inner, sampling),
            "What long texts lose, on top of any rule.");
    return rule.withOverlong(overlong);
  }

  private RewardSection alone(Keys<RewardSection> keys, RewardRules.Form form) {
    Map<String, String> options = options(keys, form);
    Map<String, Double> prices = prices(keys, form, options);
    String judge =
        keys.nameOf(
            "judge",
            RewardSection::judge,
            keys.isDescribed() ? List.of("judge") : judges,
            "the name of a judge",
            "The judge whose judgements are priced; the first of the file unless it is set.");
    keys.first("rule", "judge");
    return new RewardSection(form.name(), judge, prices, options, new LinkedHashMap<>(), null);
  }

  private static RewardSection sum(
      Keys<RewardSection> keys,
      RewardRules.Form form,
      Keys.Description<RewardPart> description,
      String meaning) {
    SequencedMap<String, RewardPart> parts =
        keys.byName("parts", RewardSection::parts, description, true, "By name: " + meaning + ".");
    if (parts.isEmpty()) {
      keys.problem(
          "parts",
          form.name().equals(RewardRules.BY_ARM)
              ? "at least one part, name: {arms: […], rule: …, judge: …}"
              : "at least one part, name: {rule: …, judge: …, weight: …}");
    }
    String judge = parts.isEmpty() ? "" : parts.firstEntry().getValue().rule().judge();
    return new RewardSection(form.name(), judge, Map.of(), Map.of(), parts, null);
  }

  private RewardPart weighted(Keys<RewardPart> keys) {
    double weight =
        keys.number(
            "weight",
            RewardPart::weight,
            1.0,
            Bounds.ANY,
            "What the part's reward is multiplied by.");
    return new RewardPart(weight, List.of(), part(keys.view(RewardPart::rule)));
  }

  private RewardPart ofArms(Keys<RewardPart> keys) {
    List<String> arms =
        keys.names(
            "arms",
            RewardPart::arms,
            null,
            "The arms whose members this part pays. Every arm is in one part.");
    return new RewardPart(1, arms, part(keys.view(RewardPart::rule)));
  }

  private static Map<String, String> options(Keys<RewardSection> keys, RewardRules.Form form) {
    Map<String, String> options = new LinkedHashMap<>();
    form.options()
        .forEach(
            (name, option) ->
                options.put(
                    name,
                    keys.word(
                        name,
                        reward -> reward.options().get(name),
                        option.choices(),
                        option.meaning())));
    return options;
  }

  private static Map<String, Double> prices(
      Keys<RewardSection> keys, RewardRules.Form form, Map<String, String> options) {
    Map<String, Double> prices = new LinkedHashMap<>();
    form.prices()
        .forEach(
            (name, asked) -> {
              Double fallback = fallback(name, asked, options);
              Double price = price(keys, name, asked, fallback, options);
              if (price != null) {
                prices.put(name, price);
              }
            });
    Double unparseable = prices.get(RewardRules.UNPARSEABLE);
    Double wrong = prices.get("wrong");
    if (options.containsKey("asPublished")
        && !"true".equals(options.get("asPublished"))
        && unparseable != null
        && wrong != null
        && unparseable > wrong) {
      keys.problem(
          RewardRules.UNPARSEABLE,
          "at most wrong, which is "
              + wrong
              + ", or a policy learns to say nothing; asPublished: true allows it");
    }
    return prices;
  }

  private static @Nullable Double price(
      Keys<RewardSection> keys,
      String name,
      RewardRules.Price asked,
      @Nullable Double fallback,
      Map<String, String> options) {
    Bounds bounds =
        fallback == null ? Bounds.ANY.expecting("a number; this price has no default") : Bounds.ANY;
    boolean published = options.containsKey("asPublished") && name.equals(RewardRules.UNPARSEABLE);
    Function<RewardSection, Double> get = reward -> reward.prices().get(name);
    return asked.required() || fallback != null
        ? (Double)
            (published ? keys.decidedElsewhere() : keys)
                .number(name, get, fallback, bounds, asked.meaning())
        : keys.numberOrNone(name, get, bounds, asked.meaning());
  }

  /** Think-J's code pays 0.5 for what it cannot read, but 0 in its variant with a strength. */
  private static @Nullable Double fallback(
      String price, RewardRules.Price asked, Map<String, String> options) {
    if (price.equals(RewardRules.UNPARSEABLE) && "true".equals(options.get("asPublished"))) {
      return "strength".equals(options.get("variant")) ? 0.0 : 0.5;
    }
    return asked.fallback();
  }
}
