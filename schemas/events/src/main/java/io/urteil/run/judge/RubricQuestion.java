package io.urteil.run.judge;

import io.urteil.run.keys.Bounds;
import io.urteil.run.keys.Keys;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question of a rubric. A model answers it with a probability for each option; the value of the
 * answer is the expected value of the options, from 0 to 1.
 */
public sealed interface RubricQuestion {

  /** The key {@code type} of the question. */
  String type();

  /** The question itself. */
  String instructions();

  /** Factor of the answer's value in the mean over all questions. */
  double weight();

  /** The options, in the order in which probabilities are kept, with the value of each. */
  SequencedMap<String, Double> values();

  /**
   * Whether a statement is true. The options are {@code yes} and {@code no}.
   *
   * @param yes what yes means; null for the statement alone
   * @param no what no means; null for the statement alone
   */
  record YesNo(String instructions, double weight, @Nullable String yes, @Nullable String no)
      implements RubricQuestion {

    @Override
    public String type() {
      return "yes-no";
    }

    @Override
    public SequencedMap<String, Double> values() {
      return ordered(List.of("yes", "no"), index -> 1.0 - index);
    }

    static YesNo of(Keys<YesNo> keys) {
      return new YesNo(
          instructionsOf(keys.view(YesNo::instructions)),
          weightOf(keys.view(YesNo::weight)),
          keys.optionalText("yes", YesNo::yes, "a text", "For yes-no: what yes means."),
          keys.optionalText("no", YesNo::no, "a text", "For yes-no: what no means."));
    }
  }

  /**
   * A rating. The options are the levels; the value of level i of n is i / (n - 1).
   *
   * @param levels from worst to best
   */
  record Score(String instructions, double weight, List<String> levels) implements RubricQuestion {

    private static final int MOST = 10;

    public Score {
      levels = List.copyOf(levels);
    }

    @Override
    public String type() {
      return "score";
    }

    @Override
    public SequencedMap<String, Double> values() {
      return ordered(levels, index -> index / (levels.size() - 1.0));
    }

    static Score of(Keys<Score> keys) {
      Score score =
          new Score(
              instructionsOf(keys.view(Score::instructions)),
              weightOf(keys.view(Score::weight)),
              keys.texts("levels", Score::levels, "For score: the levels, from worst to best."));
      long different = score.levels.stream().distinct().count();
      if (different != score.levels.size() || different < 2 || different > MOST) {
        keys.problem("levels", "a list of 2 to 10 different texts");
      }
      return score;
    }
  }

  /** A choice between options, each with its own value. */
  record Choice(String instructions, double weight, SequencedMap<String, Option> options)
      implements RubricQuestion {

    private static final int MOST = 255;

    public Choice {
      options = Collections.unmodifiableSequencedMap(new LinkedHashMap<>(options));
    }

    @Override
    public String type() {
      return "choice";
    }

    @Override
    public SequencedMap<String, Double> values() {
      SequencedMap<String, Double> values = new LinkedHashMap<>();
      options.forEach((name, option) -> values.put(name, option.value()));
      return values;
    }

    static Choice of(Keys<Choice> keys) {
      Choice choice =
          new Choice(
              instructionsOf(keys.view(Choice::instructions)),
              weightOf(keys.view(Choice::weight)),
              keys.byName(
                  "options", Choice::options, Option::of, false, "For choice: the options."));
      int count = choice.options.size();
      if (!keys.isDescribed() && (count < 2 || count > MOST)) {
        keys.problem("options", "a mapping of 2 to 255 names to {value, description}");
      }
      return choice;
    }
  }

  /**
   * An option of a choice.
   *
   * @param description what the option means; null for its name alone
   */
  record Option(double value, @Nullable String description) {
    static Option of(Keys<Option> keys) {
      return new Option(
          keys.number("value", Option::value, null, Bounds.FROM_0_TO_1, "Value of the option."),
          keys.optionalText(
              "description", Option::description, "a text", "What the option means."));
    }
  }

  static RubricQuestion of(Keys<RubricQuestion> keys) {
    SequencedMap<String, Function<Keys<RubricQuestion>, RubricQuestion>> types =
        new LinkedHashMap<>();
    types.put("yes-no", each -> YesNo.of(each.as(YesNo.class)));
    types.put("score", each -> Score.of(each.as(Score.class)));
    types.put("choice", each -> Choice.of(each.as(Choice.class)));
    String expected = "one of " + String.join(", ", types.keySet());
    return keys.kind(
        "type",
        RubricQuestion::type,
        types,
        "",
        null,
        expected,
        expected,
        new YesNo("", 1, null, null),
        "Type of the question.");
  }

  private static String instructionsOf(Keys<String> keys) {
    return keys.text(
        "instructions", text -> text, null, "a question or a statement", "The question itself.");
  }

  private static double weightOf(Keys<Double> keys) {
    return keys.number(
        "weight",
        weight -> weight,
        1.0,
        Bounds.ABOVE_0,
        "Factor of the question's value in the mean over all questions.");
  }

  private static SequencedMap<String, Double> ordered(
      List<String> options, Function<Integer, Double> value) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < options.size(); i++) {
      values.put(options.get(i), value.apply(i));
    }
    return new LinkedHashMap<>(values);
  }
}
