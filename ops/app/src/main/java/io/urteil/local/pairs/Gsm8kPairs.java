package io.urteil.local.pairs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Pairs of a right and a wrong solution of one problem, out of the recorded answers of four models
 * to GSM8K. Each right solution meets each wrong one; equal pairs occur once. The right solution is
 * A and B by turns.
 *
 * <p>The records have no scores. The gold scores are the ends of the scale from 1 to 10, and the
 * strength is the end of the scale from 1 to 3, so that run files that train on scores or strengths
 * can use the pairs.
 */
public final class Gsm8kPairs {

  /** One problem of this many belongs to the held-out pairs. */
  static final int HELD_OUT_EVERY = 5;

  private static final String RESOURCE = "/data/gsm8k/example_model_solutions.jsonl.gz";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int BEST = 10;
  private static final int WORST = 1;
  private static final int STRENGTH = 3;

  private final List<Problem> problems;

  private Gsm8kPairs(List<Problem> problems) {
    this.problems = List.copyOf(problems);
  }

  /** A recorded solution. */
  private record Solution(String model, String text) {}

  private record Problem(
      int number, String question, String reference, List<Solution> right, List<Solution> wrong) {}

  /**
   * The pairs of some of the problems.
   *
   * @param problems number of problems with at least one pair
   * @param lines JSON lines, one for each pair
   */
  public record Pairs(int problems, List<String> lines) {

    /** Writes the lines, and creates missing directories. */
    public void write(Path file) throws IOException {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.write(file, lines);
    }
  }

  /** Reads the packaged records. */
  public static Gsm8kPairs read() {
    List<Problem> problems = new ArrayList<>();
    try (BufferedReader reader = records()) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        Problem problem = problem(++number, JSON.readTree(line));
        if (!problem.right().isEmpty() && !problem.wrong().isEmpty()) {
          problems.add(problem);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + RESOURCE, e);
    }
    return new Gsm8kPairs(problems);
  }

  private static BufferedReader records() throws IOException {
    InputStream in = Gsm8kPairs.class.getResourceAsStream(RESOURCE);
    if (in == null) {
      throw new IllegalStateException("missing resource " + RESOURCE);
    }
    return new BufferedReader(
        new InputStreamReader(new GZIPInputStream(in), StandardCharsets.UTF_8));
  }

  private static Problem problem(int number, JsonNode record) {
    List<Solution> right = new ArrayList<>();
    List<Solution> wrong = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : record.properties()) {
      JsonNode recorded = field.getValue();
      if (recorded.has("solution")) {
        (recorded.path("is_correct").asBoolean() ? right : wrong)
            .add(new Solution(field.getKey(), recorded.path("solution").asText()));
      }
    }
    return new Problem(
        number,
        record.path("question").asText(),
        record.path("ground_truth").asText(),
        right,
        wrong);
  }

  /** The pairs of all problems. */
  public Pairs all() {
    return pairs(problems);
  }

  /** The pairs of each fifth problem, for evaluation. */
  public Pairs heldOut() {
    return pairs(part(true));
  }

  /** The pairs of the other problems. */
  public Pairs training() {
    return pairs(part(false));
  }

  private List<Problem> part(boolean heldOut) {
    List<Problem> part = new ArrayList<>();
    for (int i = 0; i < problems.size(); i++) {
      if ((i % HELD_OUT_EVERY == HELD_OUT_EVERY - 1) == heldOut) {
        part.add(problems.get(i));
      }
    }
    return part;
  }

  private static Pairs pairs(List<Problem> some) {
    List<String> lines = new ArrayList<>();
    for (Problem problem : some) {
      Set<List<String>> written = new LinkedHashSet<>();
      for (Solution right : problem.right()) {
        for (Solution wrong : problem.wrong()) {
          if (written.add(List.of(right.text(), wrong.text()))) {
            lines.add(line(problem, right, wrong, lines.size() % 2 == 0));
          }
        }
      }
    }
    return new Pairs(some.size(), List.copyOf(lines));
  }

  private static String line(Problem problem, Solution right, Solution wrong, boolean rightFirst) {
    Solution first = rightFirst ? right : wrong;
    Solution second = rightFirst ? wrong : right;
    ObjectNode pair = JSON.createObjectNode();
    pair.put("id", "%d-%s-%s".formatted(problem.number(), right.model(), wrong.model()));
    pair.put("question", problem.question());
    pair.putArray("answers").add(first.text()).add(second.text());
    pair.put("preferred", rightFirst ? "A" : "B");
    pair.putArray("scores").add(rightFirst ? BEST : WORST).add(rightFirst ? WORST : BEST);
    pair.put("strength", rightFirst ? -STRENGTH : STRENGTH);
    pair.put("reference", problem.reference());
    try {
      return JSON.writeValueAsString(pair);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }
}
