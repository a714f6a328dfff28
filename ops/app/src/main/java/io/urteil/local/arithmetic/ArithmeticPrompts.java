package io.urteil.local.arithmetic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.order.CandidateOrder;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Prompts of the arithmetic task, each in both orders, as the JSON lines of a run file's {@code
 * data.prompts}:
 *
 * <pre>{"id":"…","arms":[{"name":"AB","prompt":"439+496?A933B935","reference":"B"},
 *           {"name":"BA","prompt":"439+496?A935B933","reference":"A"}]}</pre>
 */
public final class ArithmeticPrompts {

  /** Seed of the 200 held-out problems behind all figures of the documentation. */
  public static final long HELD_OUT_SEED = 5;

  /** Number of held-out problems. */
  public static final int HELD_OUT_SIZE = 200;

  private static final ObjectMapper JSON = new ObjectMapper();

  private ArithmeticPrompts() {}

  /** One problem in both orders. */
  public record Line(String id, List<Arm> arms) {

    public Line {
      arms = List.copyOf(arms);
    }

    static Line of(String id, Problem problem) {
      return new Line(
          id,
          Stream.of(CandidateOrder.AB, CandidateOrder.BA)
              .map(order -> Arm.of(problem, order))
              .toList());
    }
  }

  /** One order: the judge's prompt, and the letter of the correct candidate. */
  public record Arm(String name, String prompt, String reference) {

    static Arm of(Problem problem, CandidateOrder order) {
      return new Arm(order.name(), problem.prompt(order), String.valueOf(problem.reference(order)));
    }
  }

  /**
   * The first {@code size} training prompts of a seed. A shorter list is a prefix of a longer one.
   */
  public static List<Line> training(int size, long seed) {
    Random random = new Random(seed);
    List<Line> lines = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      lines.add(Line.of("train-%d-%d".formatted(seed, i), ProblemGenerator.draw(random, false)));
    }
    return lines;
  }

  /** The held-out prompts; no two have the same operands. */
  public static List<Line> heldOut() {
    Random random = new Random(HELD_OUT_SEED);
    Set<List<Integer>> operands = new HashSet<>();
    List<Line> lines = new ArrayList<>();
    while (lines.size() < HELD_OUT_SIZE) {
      Problem problem = ProblemGenerator.draw(random, true);
      if (operands.add(List.of(problem.augend(), problem.addend()))) {
        lines.add(Line.of("heldout-" + lines.size(), problem));
      }
    }
    return lines;
  }

  /** Writes JSON lines to {@code file}, replacing an existing one. */
  public static void write(List<Line> lines, Path file) throws IOException {
    try (BufferedWriter writer = Files.newBufferedWriter(file)) {
      for (Line line : lines) {
        writer.write(json(line));
        writer.write('\n');
      }
    }
  }

  private static String json(Line line) {
    try {
      return JSON.writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot encode as JSON: " + line, e);
    }
  }
}
