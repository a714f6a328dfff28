package io.urteil.pair;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.prompt.Preference;
import io.urteil.table.DataTable;
import io.urteil.table.RowReader;
import io.urteil.table.TableFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads pairs from JSON objects of these forms:
 *
 * <ul>
 *   <li>Urteil's format: {@code {"id", "question", "answers": [A, B], "preferred": "A" | "B" |
 *       "tie", "scores": [9, 2], "strength": -3, "reference", "source"}}, with at least one of the
 *       gold values {@code preferred}, {@code scores} and {@code strength};
 *   <li>the same with the answers as {@code "a"} and {@code "b"}, and {@code "better"} instead of
 *       {@code "preferred"};
 *   <li>preference data: {@code {"prompt", "chosen", "rejected"}}, where the chosen answer is A.
 *       Each is a text or a list of messages {@code {"role", "content"}}. If the lists contain the
 *       complete conversation, the prompt may be missing.
 * </ul>
 *
 * Pure, except for the methods that read a file.
 */
public final class PairReader {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SHOWN = 60;

  private PairReader() {}

  /**
   * Reads a file in a format of {@link DataTable}, with rows of {@link PairRows}.
   *
   * @param option name of the option or key of the file, for messages
   * @throws IllegalArgumentException with file, position and field of the first invalid row
   */
  public static List<AnswerPair> read(String option, Path file) {
    return read(option, file, pair -> pair);
  }

  /**
   * Reads a file and converts each pair.
   *
   * @param option name of the option or key of the file, for messages
   * @param use the conversion; throws {@link PairFormatException} for an unsuitable pair
   * @throws IllegalArgumentException with file, position and field of the first invalid row
   */
  public static <T> List<T> read(String option, Path file, Function<AnswerPair, T> use) {
    List<T> pairs = new ArrayList<>();
    PairRows rows = new PairRows();
    try {
      DataTable.read(
          file.toString(),
          Files.readAllBytes(file),
          new RowReader() {
            @Override
            public void row(String position, ObjectNode row) {
              try {
                rows.read(row).stream().map(use).forEach(pairs::add);
              } catch (PairFormatException e) {
                throw invalidRow(position, e.getMessage());
              }
            }

            @Override
            public void invalid(String position, String problem) {
              throw invalidRow(position, problem);
            }

            private IllegalArgumentException invalidRow(String position, @Nullable String problem) {
              return new IllegalArgumentException("%s, %s: %s".formatted(file, position, problem));
            }
          });
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "%s: no file %s (expected: %s)".formatted(option, file, DataTable.FORMATS), e);
    } catch (TableFormatException e) {
      throw new IllegalArgumentException("%s: %s: %s".formatted(option, file, e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read pairs from " + file, e);
    }
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: %s has no pairs (expected: at least one, in %s)"
              .formatted(option, file, DataTable.FORMATS));
    }
    return pairs;
  }

  /**
   * Parses one line.
   *
   * @param position file and number of the line, for messages
   * @throws IllegalArgumentException with position and field
   */
  public static AnswerPair read(String position, String line) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          position + ": " + e.getOriginalMessage() + " (expected: a JSON object)", e);
    }
    try {
      return read(node);
    } catch (PairFormatException e) {
      throw new IllegalArgumentException(position + ": " + e.getMessage(), e);
    }
  }

  /**
   * Parses one object.
   *
   * @throws PairFormatException with the invalid field
   */
  public static AnswerPair read(JsonNode object) {
    if (!object.isObject()) {
      throw new PairFormatException(shown(object) + " (expected: a JSON object)");
    }
    if (object.has("chosen") || object.has("rejected")) {
      return preference(object);
    }
    String question = text(object, "question");
    String[] answers = answers(object);
    Preference preferred = preferred(object);
    List<String> scores = scores(object);
    Integer strength = strength(object);
    if (preferred == null && scores == null && strength == null) {
      throw new PairFormatException(
          object.has("a")
              ? "better: missing (expected: A, B or tie)"
              : "no gold value (expected: 'preferred', 'scores' or 'strength')");
    }
    return new AnswerPair(
        name(object, "id"),
        question,
        answers[0],
        answers[1],
        preferred,
        scores,
        strength,
        name(object, "reference"),
        optionalText(object, "source"));
  }

  private static String[] answers(JsonNode object) {
    if (object.has("a") || object.has("b")) {
      return new String[] {text(object, "a"), text(object, "b")};
    }
    JsonNode answers = object.path("answers");
    if (!answers.isArray()
        || answers.size() != 2
        || !answers.get(0).isTextual()
        || !answers.get(1).isTextual()) {
      throw PairFormatException.of("answers", shown(answers), "two texts");
    }
    return new String[] {answers.get(0).asText(), answers.get(1).asText()};
  }

  private static @Nullable Preference preferred(JsonNode object) {
    String field = object.has("preferred") ? "preferred" : "better";
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    return switch (value.isTextual() ? value.asText() : "") {
      case "A" -> Preference.A;
      case "B" -> Preference.B;
      case "tie" -> Preference.TIE;
      default ->
          throw PairFormatException.of(
              field,
              value.isTextual() ? "'" + cut(value.asText()) + "'" : shown(value),
              "A, B or tie");
    };
  }

  private static @Nullable List<String> scores(JsonNode object) {
    return object.hasNonNull("scores") ? twoNumbers(object, "scores") : null;
  }

  /** Two numbers, verbatim. */
  static List<String> twoNumbers(JsonNode object, String field) {
    JsonNode scores = object.path(field);
    if (!scores.isArray()
        || scores.size() != 2
        || !scores.get(0).isNumber()
        || !scores.get(1).isNumber()) {
      throw PairFormatException.of(field, shown(scores), "two numbers");
    }
    return List.of(scores.get(0).asText(), scores.get(1).asText());
  }

  /** A number, verbatim. */
  static String number(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isNumber()) {
      throw PairFormatException.of(field, shown(value), "a number");
    }
    return value.asText();
  }

  private static @Nullable Integer strength(JsonNode object) {
    return object.hasNonNull("strength")
        ? integer(object, "strength", Integer.MIN_VALUE, Integer.MAX_VALUE)
        : null;
  }

  static int integer(JsonNode object, String field, int least, int most) {
    JsonNode value = object.path(field);
    if (!value.canConvertToInt()
        || !value.canConvertToExactIntegral()
        || value.asInt() < least
        || value.asInt() > most) {
      throw PairFormatException.of(
          field,
          shown(value),
          least == Integer.MIN_VALUE
              ? "a whole number"
              : "a whole number from %d to %d".formatted(least, most));
    }
    return value.asInt();
  }

  private static AnswerPair preference(JsonNode object) {
    PreferenceForm form = PreferenceForm.read(object);
    return new AnswerPair(
        name(object, "id"),
        form.question(),
        form.chosen(),
        form.rejected(),
        Preference.A,
        scoresOfChoice(object),
        null,
        name(object, "reference"),
        optionalText(object, "source"));
  }

  private static @Nullable List<String> scoresOfChoice(JsonNode object) {
    return object.hasNonNull("score_chosen") && object.hasNonNull("score_rejected")
        ? List.of(number(object, "score_chosen"), number(object, "score_rejected"))
        : null;
  }

  static String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (!value.isTextual()) {
      throw PairFormatException.of(field, shown(value), "a text");
    }
    return value.asText();
  }

  static @Nullable String optionalText(JsonNode object, String field) {
    return object.hasNonNull(field) ? text(object, field) : null;
  }

  /** A text or an integer, as text. */
  static @Nullable String name(JsonNode object, String field) {
    JsonNode value = object.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual() && !value.isIntegralNumber()) {
      throw PairFormatException.of(field, shown(value), "a text or a whole number");
    }
    return value.asText();
  }

  static String shown(JsonNode value) {
    return value.isMissingNode() ? "missing" : cut(value.toString());
  }

  private static String cut(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN - 3) + "..." : text;
  }
}
