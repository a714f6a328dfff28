package io.urteil.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.model.file.StrictJson;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.DoublePredicate;

/**
 * The recommendations of a model's {@code generation_config.json}. Absent values are empty: the
 * caller's defaults apply. A top-k of zero means no limit, and a repetition penalty of one means
 * none: both are empty.
 *
 * @param repetitionPenalty above 1 makes repeated tokens less likely (Keskar et al. 2019)
 * @param endOfSequenceIds tokens that end a completion; may be empty
 */
public record GenerationDefaults(
    OptionalDouble temperature,
    OptionalDouble topP,
    OptionalInt topK,
    OptionalDouble repetitionPenalty,
    List<Integer> endOfSequenceIds) {

  public static final String FILE_NAME = "generation_config.json";

  private static final long BYTES_MAX = 4_000_000;

  public static final GenerationDefaults NONE =
      new GenerationDefaults(
          OptionalDouble.empty(),
          OptionalDouble.empty(),
          OptionalInt.empty(),
          OptionalDouble.empty(),
          List.of());

  public GenerationDefaults {
    endOfSequenceIds = List.copyOf(endOfSequenceIds);
  }

  /**
   * Reads the file of a model directory; {@link #NONE} if it does not exist.
   *
   * @throws UnusableModelException naming every unreadable value
   */
  public static GenerationDefaults read(Path directory) throws IOException {
    Path file = directory.resolve(FILE_NAME);
    if (!Files.isRegularFile(file)) {
      return NONE;
    }
    JsonNode root;
    try {
      root = StrictJson.object(file, BYTES_MAX);
    } catch (UnusableModelException e) {
      throw inFile(directory, e.problems());
    }
    List<String> problems = new ArrayList<>();
    OptionalDouble temperature = number(root, "temperature", problems);
    OptionalDouble topP = number(root, "top_p", problems);
    OptionalDouble topK = number(root, "top_k", problems);
    OptionalDouble penalty = number(root, "repetition_penalty", problems);
    within(problems, "temperature", temperature, value -> value >= 0, ">= 0");
    within(problems, "top_p", topP, value -> value > 0 && value <= 1, "above 0, at most 1");
    within(problems, "repetition_penalty", penalty, value -> value > 0, "above 0");
    List<Integer> endOfSequenceIds = TokenIds.read(root, "eos_token_id", problems);
    within(problems, "top_k", topK, value -> value == (int) value, "a whole number");
    if (!problems.isEmpty()) {
      throw inFile(directory, problems);
    }
    return new GenerationDefaults(
        temperature,
        topP,
        topK.isPresent() && topK.getAsDouble() > 0
            ? OptionalInt.of((int) topK.getAsDouble())
            : OptionalInt.empty(),
        penalty.isPresent() && penalty.getAsDouble() != 1 ? penalty : OptionalDouble.empty(),
        endOfSequenceIds);
  }

  private static UnusableModelException inFile(Path directory, List<String> problems) {
    return new UnusableModelException(
        directory, problems.stream().map(problem -> FILE_NAME + ": " + problem).toList());
  }

  private static void within(
      List<String> problems,
      String field,
      OptionalDouble value,
      DoublePredicate holds,
      String expected) {
    if (value.isPresent() && !holds.test(value.getAsDouble())) {
      problems.add("%s: %s (expected: %s)".formatted(field, value.getAsDouble(), expected));
    }
  }

  private static OptionalDouble number(JsonNode root, String field, List<String> problems) {
    JsonNode node = root.path(field);
    if (node.isMissingNode() || node.isNull()) {
      return OptionalDouble.empty();
    }
    if (!node.isNumber()) {
      problems.add("%s: %s (expected: a number)".formatted(field, node));
      return OptionalDouble.empty();
    }
    if (!Double.isFinite(node.doubleValue())) {
      problems.add("%s: %s (expected: a finite number)".formatted(field, node.asText()));
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(node.doubleValue());
  }
}
