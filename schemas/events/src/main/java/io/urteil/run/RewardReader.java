package io.urteil.run;

import io.urteil.run.RunFile.Judge;
import io.urteil.run.RunFile.Overlong;
import io.urteil.run.RunFile.RewardPart;
import io.urteil.run.RunFile.RewardRule;
import io.urteil.run.RunFile.Sampling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Reads the section {@code reward}: a rule, or several rules that are summed. */
final class RewardReader {

  private final Map<String, Judge> judges;
  private final Sampling sampling;

  RewardReader(Map<String, Judge> judges, Sampling sampling) {
    this.judges = judges;
    this.sampling = sampling;
  }

  RewardRule read(Fields fields) {
    RewardRule rule = rule(fields, false);
    fields.refuseUnknown();
    return rule;
  }

  private RewardRule rule(Fields fields, boolean isPart) {
    String name = fields.text("rule", null, "one of " + RewardRules.names());
    RewardRules.Form form = RewardRules.form(name);
    if (form == null || (isPart && RewardRules.hasParts(name))) {
      if (!name.isEmpty()) {
        fields.problem("rule", fields.raw("rule"), "one of " + RewardRules.names());
      }
      fields.keys().forEach(fields::raw);
      return new RewardRule(name, "", Map.of());
    }
    Map<String, String> options = options(fields, form);
    Map<String, Double> prices = prices(fields, form, options);
    boolean hasParts = RewardRules.hasParts(name);
    SequencedMap<String, RewardPart> parts =
        hasParts ? parts(fields, name.equals(RewardRules.BY_ARM)) : new LinkedHashMap<>();
    String judge = hasParts ? firstJudge(parts) : judge(fields);
    Overlong overlong =
        !isPart && fields.has("overlong") ? overlong(fields.section("overlong")) : null;
    return new RewardRule(name, judge, prices, options, parts, overlong);
  }

  private static Map<String, String> options(Fields fields, RewardRules.Form form) {
    Map<String, String> options = new LinkedHashMap<>();
    form.options()
        .forEach(
            (option, choices) -> {
              String expectation = "one of " + String.join(", ", choices);
              String choice = fields.text(option, choices.getFirst(), expectation);
              if (!choice.isEmpty() && !choices.contains(choice)) {
                fields.problem(option, fields.raw(option), expectation);
              }
              options.put(option, choice);
            });
    return options;
  }

  private static Map<String, Double> prices(
      Fields fields, RewardRules.Form form, Map<String, String> options) {
    Map<String, Double> prices = new LinkedHashMap<>();
    form.prices()
        .forEach(
            (price, asked) -> {
              Double fallback = fallback(price, asked, options);
              if (fallback != null || asked.required() || fields.has(price)) {
                String expectation =
                    fallback == null ? "a number; this price has no default" : "a number";
                prices.put(price, fields.number(price, fallback, any -> true, expectation));
              }
            });
    Double unparseable = prices.get(RewardRules.UNPARSEABLE);
    Double wrong = prices.get("wrong");
    if (options.containsKey("asPublished")
        && !"true".equals(options.get("asPublished"))
        && unparseable != null
        && wrong != null
        && unparseable > wrong) {
      fields.problem(
          RewardRules.UNPARSEABLE,
          fields.raw(RewardRules.UNPARSEABLE),
          "at most wrong, which is "
              + wrong
              + ", or a policy learns to say nothing; asPublished: true allows it");
    }
    return prices;
  }

  /** Think-J's code pays 0.5 for what it cannot read, but 0 in its variant with a strength. */
  private static @Nullable Double fallback(
      String price, RewardRules.Price asked, Map<String, String> options) {
    if (price.equals(RewardRules.UNPARSEABLE) && "true".equals(options.get("asPublished"))) {
      return "strength".equals(options.get("variant")) ? 0.0 : 0.5;
    }
    return asked.fallback();
  }

  private SequencedMap<String, RewardPart> parts(Fields fields, boolean byArm) {
    SequencedMap<String, RewardPart> parts = new LinkedHashMap<>();
    Fields section = fields.section("parts");
    for (String name : section.keys()) {
      Fields part = section.section(name);
      double weight = byArm ? 1 : part.number("weight", 1.0, any -> true, "a number");
      List<String> arms = byArm ? part.names("arms", null) : List.of();
      parts.put(name, new RewardPart(weight, arms, rule(part, true)));
      part.refuseUnknown();
    }
    if (parts.isEmpty()) {
      fields.problem(
          "parts",
          fields.raw("parts"),
          byArm
              ? "at least one part, name: {arms: […], rule: …, judge: …}"
              : "at least one part, name: {rule: …, judge: …, weight: …}");
    }
    return parts;
  }

  private static String firstJudge(SequencedMap<String, RewardPart> parts) {
    return parts.isEmpty() ? "" : parts.firstEntry().getValue().rule().judge();
  }

  private String judge(Fields fields) {
    String first = judges.isEmpty() ? "" : judges.keySet().iterator().next();
    String judge = fields.text("judge", first.isEmpty() ? null : first, "the name of a judge");
    if (!judge.isEmpty() && !judges.containsKey(judge)) {
      fields.problem("judge", fields.raw("judge"), "one of " + String.join(", ", judges.keySet()));
    }
    return judge;
  }

  private Overlong overlong(Fields fields) {
    Overlong overlong =
        new Overlong(
            fields.whole("maxTokens", sampling.maxTokens(), 1, "a whole number of at least 1"),
            fields.whole("buffer", null, 1, "a whole number of at least 1"),
            fields.number("factor", 1.0, f -> f > 0, "a number above 0"));
    if (overlong.buffer() > overlong.maxTokens()) {
      fields.problem(
          "buffer", fields.raw("buffer"), "at most maxTokens, which is " + overlong.maxTokens());
    }
    fields.refuseUnknown();
    return overlong;
  }
}
