package io.urteil.prompt;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import io.urteil.prompt.ParsedVerdict.Abstained;
import io.urteil.prompt.ParsedVerdict.Listwise;
import io.urteil.prompt.ParsedVerdict.Pairwise;
import io.urteil.prompt.ParsedVerdict.Pointwise;
import io.urteil.prompt.ParsedVerdict.Unparseable;
import io.urteil.prompt.ParsedVerdict.Unparseable.Fault;
import io.urteil.prompt.sentence.Doubt;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Parses verdicts that are one JSON object after an optional thought, in a code fence, within prose
 * or alone. A second object, a duplicate key, or prose that denies, doubts or quotes the object
 * makes it unreadable.
 */
final class JsonVerdicts {

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
          .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final Pattern FENCES = Pattern.compile("```(?:json|JSON)?");

  private static final int LONGEST_PROSE = 2_000;

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
    JsonNode value = object == null ? null : object.get("verdict");
    if (value != null && value.isNull()) {
      return new Abstained();
    }
    String verdict = value == null || !value.isTextual() ? "" : value.textValue().strip();
    return switch (verdict.toLowerCase(Locale.ROOT)) {
      case "a" -> Pairwise.of(Preference.A);
      case "b" -> Pairwise.of(Preference.B);
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
    JsonNode ranking = object == null ? null : whole(object.get("ranking"));
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

  /** A whole number that is written as a string, as a number; anything else as it is. */
  private static @Nullable JsonNode whole(@Nullable JsonNode value) {
    return value != null && value.isTextual() && value.textValue().matches("[0-9]")
        ? IntNode.valueOf(value.textValue().charAt(0) - '0')
        : value;
  }

  private static @Nullable JsonNode object(String text) {
    Conclusion conclusion = Conclusion.of(text);
    if (conclusion == null) {
      return null;
    }
    String all = conclusion.text();
    int start = all.indexOf('{');
    int end = start < 0 ? -1 : end(all, start);
    if (end < 0) {
      return null;
    }
    String before = all.substring(0, start);
    String behind = all.substring(end);
    boolean prose = isProse(before, behind);
    if (behind.indexOf('{') >= 0 || (prose && isDoubtful(before, behind))) {
      return null;
    }
    try {
      JsonNode node = MAPPER.readTree(all.substring(start, end));
      return node != null && node.isObject() ? node : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  private static boolean isProse(String before, String behind) {
    return !before.isBlank() || !behind.isBlank();
  }

  private static boolean isDoubtful(String before, String behind) {
    String outside = FENCES.matcher(before).replaceAll("");
    String rest = FENCES.matcher(bounded(behind)).replaceAll("");
    boolean array = outside.stripTrailing().endsWith("[") || rest.stripLeading().startsWith("]");
    return array
        || Doubt.before(outside)
        || Doubt.quotes(outside, firstLine(rest))
        || Doubt.casts(rest);
  }

  private static String bounded(String text) {
    return text.substring(0, Math.min(text.length(), LONGEST_PROSE));
  }

  private static String firstLine(String text) {
    int end = text.indexOf('\n');
    return end < 0 ? text : text.substring(0, end);
  }

  /** The position behind the object that begins at a brace; -1 if it is not closed. */
  private static int end(String text, int start) {
    int depth = 0;
    boolean quoted = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quoted) {
        i += c == '\\' ? 1 : 0;
        quoted = c != '"';
      } else if (c == '"') {
        quoted = true;
      } else {
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return -1;
  }
}
