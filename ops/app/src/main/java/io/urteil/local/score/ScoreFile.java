package io.urteil.local.score;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON lines to score, plain or gzip, in three formats that are distinguished by their keys:
 *
 * <ul>
 *   <li>{@code {"prompt", "responses": [text | {"text", "model", "recorded"}], "reference"}}
 *   <li>GSM8K's recorded solutions: {@code {"question", "ground_truth", MODEL: {"solution",
 *       "is_correct"}, …}}, whose reference is the text after the last {@code A:}
 *   <li>samples of a maths evaluation: {@code {"question", "gt", "code": [text], "score":
 *       [boolean]}}
 * </ul>
 */
public final class ScoreFile implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String name;
  private final BufferedReader reader;
  private final long limit;
  private long lineNumber;
  private long count;

  /**
   * @param name the name of the input in error messages
   */
  public ScoreFile(String name, InputStream input) throws IOException {
    this(name, input, null);
  }

  /**
   * @param name the name of the input in error messages
   * @param limit the number of lines to read that are not blank; null for all
   */
  public ScoreFile(String name, InputStream input, @Nullable Integer limit) throws IOException {
    this.name = name;
    this.limit = limit == null ? Long.MAX_VALUE : limit;
    this.reader =
        new BufferedReader(new InputStreamReader(unpacked(input), StandardCharsets.UTF_8));
  }

  /** The number of lines that are not blank, plain or gzip. Reads the input to its end. */
  public static long count(InputStream input) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(unpacked(input), StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.isBlank()).count();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  /**
   * The next line that is not blank; null at the end, or at the limit.
   *
   * @throws IllegalArgumentException if the line is invalid; names the input, the line and the
   *     expectation
   */
  @Nullable ScoreLine next() throws IOException {
    if (count >= limit) {
      return null;
    }
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      lineNumber++;
      if (!line.isBlank()) {
        count++;
        return parse(line);
      }
    }
    return null;
  }

  private ScoreLine parse(String line) {
    JsonNode node;
    try {
      node = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw problem(e.getOriginalMessage() + " (expected: a JSON object)", e);
    }
    if (node.has("gt") && node.path("code").isArray()) {
      return samples(node);
    }
    return node.has("ground_truth") ? recordedSolutions(node) : responses(node);
  }

  private ScoreLine responses(JsonNode node) {
    List<ScoreLine.Response> responses = new ArrayList<>();
    for (JsonNode response : node.path("responses")) {
      JsonNode recorded = response.path("recorded");
      responses.add(
          new ScoreLine.Response(
              response.isTextual() ? response.asText() : required(response, "text"),
              response.path("model").asText("all"),
              recorded.isBoolean() ? (Boolean) recorded.booleanValue() : null));
    }
    if (responses.isEmpty()) {
      throw problem("responses: missing (expected: a list of texts)", null);
    }
    JsonNode reference = node.path("reference");
    return new ScoreLine(
        required(node, "prompt"),
        responses,
        reference.isMissingNode() || reference.isNull() ? null : reference.asText());
  }

  private ScoreLine samples(JsonNode node) {
    List<ScoreLine.Response> responses = new ArrayList<>();
    JsonNode recorded = node.path("score");
    for (JsonNode text : node.path("code")) {
      JsonNode right = recorded.path(responses.size());
      if (!text.isTextual()) {
        throw problem("code: " + text + " (expected: a list of texts)", null);
      }
      responses.add(
          new ScoreLine.Response(
              text.asText(), "all", right.isBoolean() ? (Boolean) right.booleanValue() : null));
    }
    if (responses.isEmpty()) {
      throw problem("code: empty (expected: a list of texts)", null);
    }
    return new ScoreLine(required(node, "question"), responses, node.path("gt").asText());
  }

  private ScoreLine recordedSolutions(JsonNode node) {
    List<ScoreLine.Response> responses = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      if (field.getValue().has("solution")) {
        responses.add(
            new ScoreLine.Response(
                field.getValue().path("solution").asText(),
                field.getKey(),
                field.getValue().path("is_correct").asBoolean()));
      }
    }
    String truth = required(node, "ground_truth");
    int answer = truth.lastIndexOf("A:");
    if (answer < 0) {
      throw problem("ground_truth: no 'A:' (expected: the final answer after it)", null);
    }
    return new ScoreLine(
        required(node, "question"), responses, truth.substring(answer + 2).strip());
  }

  private String required(JsonNode node, String key) {
    JsonNode value = node.path(key);
    if (!value.isTextual()) {
      throw problem(key + ": missing (expected: a text)", null);
    }
    return value.asText();
  }

  private IllegalArgumentException problem(String what, @Nullable Throwable cause) {
    return new IllegalArgumentException("%s, line %d: %s".formatted(name, lineNumber, what), cause);
  }

  private static InputStream unpacked(InputStream input) throws IOException {
    BufferedInputStream buffered = new BufferedInputStream(input, 1 << 16);
    buffered.mark(2);
    boolean gzip = buffered.read() == 0x1f && buffered.read() == 0x8b;
    buffered.reset();
    return gzip ? new GZIPInputStream(buffered, 1 << 16) : buffered;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
