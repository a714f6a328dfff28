package io.urteil.local.arithmetic;

import io.urteil.order.CandidateOrder;
import java.util.Random;

/**
 * An endless, seeded source of training problems with a judge's response to each, for supervised
 * fine-tuning: {@code <think>9+6=15A3nB5y;B</think><answer>1,9</answer>}. A verdict that follows
 * from the working ({@code ;B}) gets scores of 8 or 9 against 1 or 2; a guess ({@code ~B}) gets 6
 * or 7 against 4 or 5.
 *
 * <p>Not safe for several threads.
 */
public final class Demonstrations {

  private final DemonstrationFaults habits;
  private final Random random;

  public Demonstrations(DemonstrationFaults habits, long seed) {
    this.habits = habits;
    this.random = new Random(seed);
  }

  /**
   * A prompt and a response to it.
   *
   * @param problem what is judged, in order {@link CandidateOrder#AB}
   * @param response the judge's text, without the token that ends it
   */
  public record Demonstration(Problem problem, String response) {

    /** The prompt, as training and serving send it. */
    public String prompt() {
      return problem.prompt(CandidateOrder.AB);
    }
  }

  /** The next demonstration; never of a held-out problem. */
  public Demonstration next() {
    Problem problem = ProblemGenerator.draw(random, false);
    return new Demonstration(problem, response(problem));
  }

  private String response(Problem problem) {
    double mood = random.nextDouble();
    char guess = random.nextDouble() < habits.firstBias() ? 'A' : 'B';
    if (mood < habits.snap()) {
      return response("~" + guess, guess, false);
    }
    boolean unitsOnly = mood < habits.snap() + habits.unitsOnly();
    ColumnAddition working = new ColumnAddition(problem);
    do {
      working.nextColumn(slip());
    } while (!unitsOnly && !working.isOver());
    char winner = working.decision().orElse(guess);
    boolean decided = working.decision().isPresent();
    return response(working + (decided ? ";" : ";~") + winner, winner, decided);
  }

  private int slip() {
    if (random.nextDouble() >= habits.slip()) {
      return 0;
    }
    return (1 + random.nextInt(2)) * (random.nextBoolean() ? 1 : -1);
  }

  private String response(String thought, char winner, boolean decided) {
    int high = (decided ? 8 : 6) + random.nextInt(2);
    int low = (decided ? 1 : 4) + random.nextInt(2);
    String scores = winner == 'A' ? high + "," + low : low + "," + high;
    if (random.nextDouble() >= habits.malformed()) {
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
