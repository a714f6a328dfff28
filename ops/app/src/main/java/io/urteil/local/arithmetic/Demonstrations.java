package io.urteil.local.arithmetic;

import io.urteil.order.CandidateOrder;
import java.util.Random;

/**
 * An unlimited, seeded source of training problems with the response of a judge, for supervised
 * fine-tuning: {@code <think>9+6=15A3nB5y;B</think><answer>1,9</answer>}. A verdict that follows
 * from the working ({@code ;B}) gets scores of 8 or 9 against 1 or 2; a guess ({@code ~B}) gets 6
 * or 7 against 4 or 5.
 *
 * <p>Not thread-safe.
 */
public final class Demonstrations {

  private final DemonstrationFaults faults;
  private final Random random;

  public Demonstrations(DemonstrationFaults faults, long seed) {
    this.faults = faults;
    this.random = new Random(seed);
  }

  /**
   * A prompt and a response to it.
   *
   * @param problem the judged problem, in order {@link CandidateOrder#AB}
   * @param response the judge's text, without the end token
   */
  public record Demonstration(Problem problem, String response) {

    /** The prompt, identical in training and serving. */
    public String prompt() {
      return problem.prompt(CandidateOrder.AB);
    }
  }

  /** The next demonstration, of a problem that is not held out. */
  public Demonstration next() {
    Problem problem = ProblemGenerator.draw(random, false);
    return new Demonstration(problem, response(problem));
  }

  private String response(Problem problem) {
    double draw = random.nextDouble();
    char guess = random.nextDouble() < faults.firstBias() ? 'A' : 'B';
    if (draw < faults.snap()) {
      return response("~" + guess, guess, false);
    }
    boolean unitsOnly = draw < faults.snap() + faults.unitsOnly();
    ColumnAddition working = new ColumnAddition(problem);
    do {
      working.nextColumn(slip());
    } while (!unitsOnly && !working.isComplete());
    char winner = working.decision().orElse(guess);
    boolean decided = working.decision().isPresent();
    return response(working + (decided ? ";" : ";~") + winner, winner, decided);
  }

  private int slip() {
    if (random.nextDouble() >= faults.slip()) {
      return 0;
    }
    return (1 + random.nextInt(2)) * (random.nextBoolean() ? 1 : -1);
  }

  private String response(String thought, char winner, boolean decided) {
    int high = (decided ? 8 : 6) + random.nextInt(2);
    int low = (decided ? 1 : 4) + random.nextInt(2);
    String scores = winner == 'A' ? high + "," + low : low + "," + high;
    if (random.nextDouble() >= faults.malformed()) {
      return "<think>" + thought + "</think><answer>" + scores + "</answer>";
    }
    return switch (random.nextInt(4)) {
      case 0 -> "<think>" + thought + "<answer>" + scores + "</answer>";
      case 1 -> "<think>" + thought + "</think>" + scores + "</answer>";
      case 2 -> "<think>" + thought + "</think><answer>" + high + "</answer>";
      default -> "<think>" + thought + "</think><answer>" + scores;
    };
  }
}
