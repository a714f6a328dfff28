package io.urteil.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.urteil.prompt.ParsedVerdict.Abstained;
import io.urteil.prompt.ParsedVerdict.Listwise;
import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.ParsedVerdict.Pointwise;
import io.urteil.prompt.ParsedVerdict.Unparseable;
import io.urteil.prompt.ParsedVerdict.Unparseable.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Parses verdicts that consist of one JSON object after an optional thought. A code fence around it
 * is allowed; a duplicate key makes it unreadable.
 */
final class JsonVerdicts {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String FENCE = "```";

  private JsonVerdicts() {}

  /** {@code {"score": 0.7}} with a score within the bounds; null abstains. */
  static ParsedVerdict score(String text, double min, double max) {
    JsonNode object = object(text);
    JsonNode value = object == null ? null : object.get("score");
    if (value != null && value.isNull()) {
      return new Abstained();
    }
    return value != null && within(value, min, max)
        ? new Pointwise(value.doubleValue(), null)
        : Unparseable.of(
            text,
            "{\"score\": n}, a number from %s to %s".formatted(plain(min), plain(max)),
            fault(value != null));
  }

  /** {@code {"verdict": "A"}}, "B", "tie" or "abstain". */
  static ParsedVerdict verdict(String text) {
    JsonNode object = object(text);
    String verdict = object == null ? "" : object.path("verdict").asText();
    return switch (verdict) {
      case "A" -> Pairwise.of(Preference.A);
      case "B" -> Pairwise.of(Preference.B);
      case "tie" -> Pairwise.of(Preference.TIE);
      case "abstain" -> new Abstained();
      default ->
          Unparseable.of(
              text,
              "{\"verdict\": \"A\"}, \"B\", \"tie\" or \"abstain\"",
              fault(object != null && object.has("verdict")));
    };
  }

  /**
   * {@code {"score_1": 4, "score_2": 2, "ranking": 1}}: scores from 1 to 5, ranking from 1 (the
   * first is much better) to 6 (the second is much better), the format of NeMo Gym's generative
   * judges. The scores decide; the ranking decides between equal scores.
   */
  static ParsedVerdict scoresAndRanking(String text) {
    JsonNode object = object(text);
    JsonNode first = object == null ? null : object.get("score_1");
    JsonNode second = object == null ? null : object.get("score_2");
    JsonNode ranking = object == null ? null : object.get("ranking");
    boolean readable =
        first != null
            && second != null
            && within(first, 1, 5)
            && within(second, 1, 5)
            && (ranking == null || (ranking.isInt() && within(ranking, 1, 6)));
    if (!readable || first == null || second == null) {
      return Unparseable.of(
          text,
          "{\"score_1\": 1 to 5, \"score_2\": 1 to 5, \"ranking\": 1 to 6}",
          fault(first != null && second != null));
    }
    double a = first.doubleValue();
    double b = second.doubleValue();
    return a == b && ranking != null
        ? new Pairwise(List.of(a, b), ranking.intValue() <= 3 ? Preference.A : Preference.B)
        : Pairwise.of(a, b);
  }

  /**
   * {@code {"scores": [{"trajectory_id": "1", "score": 0.9}, …]}}: every candidate once, in any
   * order, with scores from 0 to 1.
   *
   * @param candidates their number; 0 if unknown
   */
  static ParsedVerdict ruler(String text, int candidates) {
    JsonNode object = object(text);
    Map<Integer, Double> scores = new TreeMap<>();
    boolean readable = object != null && object.path("scores").isArray();
    if (readable && object != null) {
      for (JsonNode entry : object.path("scores")) {
        JsonNode score = entry.path("score");
        String id = entry.path("trajectory_id").asText();
        readable &=
            id.matches("[1-9]\\d{0,5}")
                && within(score, 0, 1)
                && scores.put(Integer.valueOf(id), score.doubleValue()) == null;
        if (!readable) {
          break;
        }
      }
    }
    int expected = candidates == 0 ? scores.size() : candidates;
    for (int id = 1; id <= expected; id++) {
      readable &= scores.containsKey(id);
    }
    return readable && !scores.isEmpty() && scores.size() == expected
        ? new Listwise(new ArrayList<>(scores.values()))
        : Unparseable.of(
            text,
            "{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 0.5}, …]}, %s once, scores from 0 to 1"
                .formatted(candidates == 0 ? "each candidate" : "candidates 1 to " + candidates),
            fault(object != null && object.path("scores").isArray()));
  }

  private static Fault fault(boolean formHolds) {
    return formHolds ? Fault.SCORES : Fault.STRUCTURE;
  }

  private static boolean within(JsonNode value, double min, double max) {
    return value.isNumber() && value.doubleValue() >= min && value.doubleValue() <= max;
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) ? Long.toString((long) bound) : Double.toString(bound);
  }

  private static @Nullable JsonNode object(String text) {
    Conclusion conclusion = Conclusion.of(text);
    if (conclusion == null) {
      return null;
    }
    try {
      JsonNode node = MAPPER.readTree(unfenced(conclusion.text()));
      return node != null && node.isObject() ? node : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static String unfenced(String text) {
    if (!text.startsWith(FENCE) || !text.endsWith(FENCE) || text.length() < 2 * FENCE.length()) {
      return text;
    }
    String inner = text.substring(FENCE.length(), text.length() - FENCE.length());
    return inner.startsWith("json") ? inner.substring("json".length()) : inner;
  }
}
