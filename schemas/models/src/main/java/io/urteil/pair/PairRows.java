package io.urteil.pair;

import static io.urteil.pair.PairReader.integer;
import static io.urteil.pair.PairReader.name;
import static io.urteil.pair.PairReader.number;
import static io.urteil.pair.PairReader.optionalText;
import static io.urteil.pair.PairReader.shown;
import static io.urteil.pair.PairReader.text;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.prompt.Preference;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The pairs in the rows of one file, in the formats of {@link PairReader} and of published data
 * sets, which are recognised by their fields:
 *
 * <ul>
 *   <li>JudgeLM-100K: {@code question_body}, {@code answer1_body}, {@code answer2_body}, {@code
 *       score} [2], {@code reference} {text};
 *   <li>HelpSteer and HelpSteer2: {@code prompt}, {@code response}, {@code helpfulness}; rows in
 *       succession with the same prompt form pairs;
 *   <li>HelpSteer2's preferences: {@code prompt}, {@code response_1}, {@code response_2}, {@code
 *       preference_strength}; HelpSteer3: {@code context}, {@code response1}, {@code response2},
 *       {@code overall_preference}; both from -3 to 3, negative if the first is better;
 *   <li>UltraFeedback: {@code instruction}, {@code completions} [{@code response}, {@code
 *       overall_score}], every two of them form a pair;
 *   <li>PPE's human preferences: {@code prompt}, {@code response_1}, {@code response_2}, {@code
 *       winner}; its best-of-K sets: {@code response_1} … {@code response_32}, {@code scores}, and
 *       the pairs {@code sampled_conflict_pairs};
 *   <li>RMB: {@code conversation_input} with {@code chosen} and {@code reject}, or with {@code
 *       bon_best}, which forms a pair with each of {@code loser_list}.
 * </ul>
 *
 * Not thread-safe: rows depend on those before them.
 */
public final class PairRows {

  private static final int STRONGEST = 3;

  /** Rated responses to the prompt of the row before. */
  private final List<Rated> sameFormer = new ArrayList<>();

  private String formerPrompt = "";

  /** A response with its score, verbatim. */
  private record Rated(String response, String score) {}

  /**
   * The pairs of the next row, perhaps none.
   *
   * @throws PairFormatException with the invalid field
   */
  public List<AnswerPair> read(JsonNode row) {
    if (row.has("question_body")) {
      return List.of(judgeLm(row));
    }
    if (row.has("completions") && row.has("instruction")) {
      return ultraFeedback(row);
    }
    if (row.has("conversation_input")) {
      return rmb(row);
    }
    if (row.has("sampled_conflict_pairs")) {
      return ppeBestOfK(row);
    }
    if (row.has("response_1") && row.has("winner")) {
      return List.of(ppeHuman(row));
    }
    if (row.has("preference_strength")) {
      return List.of(
          strength(row, text(row, "prompt"), "response_1", "response_2", "preference_strength"));
    }
    if (row.has("overall_preference")) {
      return List.of(
          strength(
              row,
              PreferenceForm.conversation(row, "context"),
              "response1",
              "response2",
              "overall_preference"));
    }
    if (row.has("response") && row.has("helpfulness")) {
      return rated(row);
    }
    return List.of(PairReader.read(row));
  }

  private static AnswerPair judgeLm(JsonNode row) {
    JsonNode reference = row.path("reference");
    return new AnswerPair(
        name(row, "question_id"),
        text(row, "question_body"),
        text(row, "answer1_body"),
        text(row, "answer2_body"),
        null,
        PairReader.twoNumbers(row, "score"),
        null,
        reference.isObject() ? text(reference, "text") : optionalText(row, "reference"),
        null);
  }

  private List<AnswerPair> rated(JsonNode row) {
    String prompt = text(row, "prompt");
    if (!prompt.equals(formerPrompt)) {
      sameFormer.clear();
      formerPrompt = prompt;
    }
    Rated rated = new Rated(text(row, "response"), number(row, "helpfulness"));
    List<AnswerPair> pairs =
        sameFormer.stream()
            .map(former -> scored(null, prompt, former, rated, optionalText(row, "source")))
            .toList();
    sameFormer.add(rated);
    return pairs;
  }

  private static List<AnswerPair> ultraFeedback(JsonNode row) {
    String prompt = text(row, "instruction");
    List<Rated> rated = new ArrayList<>();
    for (JsonNode completion : row.path("completions")) {
      rated.add(new Rated(text(completion, "response"), number(completion, "overall_score")));
    }
    List<AnswerPair> pairs = new ArrayList<>();
    for (int first = 0; first < rated.size(); first++) {
      for (int second = first + 1; second < rated.size(); second++) {
        pairs.add(
            scored(null, prompt, rated.get(first), rated.get(second), optionalText(row, "source")));
      }
    }
    return pairs;
  }

  private static AnswerPair scored(
      @Nullable String id, String prompt, Rated first, Rated second, @Nullable String source) {
    return new AnswerPair(
        id,
        prompt,
        first.response(),
        second.response(),
        null,
        List.of(first.score(), second.score()),
        null,
        null,
        source);
  }

  private static AnswerPair strength(
      JsonNode row, String prompt, String first, String second, String field) {
    int strength = integer(row, field, -STRONGEST, STRONGEST);
    return new AnswerPair(
        null,
        prompt,
        text(row, first),
        text(row, second),
        null,
        null,
        strength,
        null,
        optionalText(row, "domain"));
  }

  private static AnswerPair ppeHuman(JsonNode row) {
    String winner = text(row, "winner");
    Preference preferred =
        switch (winner) {
          case "model_a" -> Preference.A;
          case "model_b" -> Preference.B;
          case "tie", "tie (bothbad)" -> Preference.TIE;
          default ->
              throw PairFormatException.of(
                  "winner", "'" + winner + "'", "model_a, model_b, tie or tie (bothbad)");
        };
    return new AnswerPair(
        name(row, "question_id"),
        text(row, "prompt"),
        text(row, "response_1"),
        text(row, "response_2"),
        preferred,
        null,
        null,
        null,
        optionalText(row, "language"));
  }

  private static List<AnswerPair> ppeBestOfK(JsonNode row) {
    String id = name(row, "question_id");
    JsonNode scores = row.path("scores");
    List<AnswerPair> pairs = new ArrayList<>();
    for (JsonNode pair : row.path("sampled_conflict_pairs")) {
      int first = index(pair, 0, scores);
      int second = index(pair, 1, scores);
      if (scores.get(first).equals(scores.get(second))) {
        throw PairFormatException.of(
            "sampled_conflict_pairs", shown(pair), "a right and a wrong response");
      }
      pairs.add(
          new AnswerPair(
              id == null ? null : "%s/%d".formatted(id, pairs.size()),
              text(row, "prompt"),
              text(row, "response_" + (first + 1)),
              text(row, "response_" + (second + 1)),
              scores.get(first).asBoolean() ? Preference.A : Preference.B,
              null,
              null,
              null,
              null));
    }
    return pairs;
  }

  /** The number of a response, counted from 0. */
  private static int index(JsonNode pair, int which, JsonNode scores) {
    JsonNode index = pair.path(which);
    if (pair.size() != 2 || !index.canConvertToInt() || !scores.path(index.asInt()).isBoolean()) {
      throw PairFormatException.of(
          "sampled_conflict_pairs", shown(pair), "two numbers of responses with scores");
    }
    return index.asInt();
  }

  private static List<AnswerPair> rmb(JsonNode row) {
    String prompt = PreferenceForm.conversation(row, "conversation_input");
    if (!row.has("bon_best")) {
      return List.of(better(name(row, "pair_uid"), prompt, row.path("chosen"), row.path("reject")));
    }
    String id = name(row, "bon_uid");
    List<AnswerPair> pairs = new ArrayList<>();
    for (JsonNode loser : row.path("loser_list")) {
      pairs.add(
          better(
              id == null ? null : "%s/%d".formatted(id, pairs.size()),
              prompt,
              row.path("bon_best"),
              loser));
    }
    return pairs;
  }

  private static AnswerPair better(
      @Nullable String id, String prompt, JsonNode better, JsonNode worse) {
    return new AnswerPair(
        id,
        prompt,
        text(better, "answer"),
        text(worse, "answer"),
        Preference.A,
        null,
        null,
        null,
        null);
  }
}
