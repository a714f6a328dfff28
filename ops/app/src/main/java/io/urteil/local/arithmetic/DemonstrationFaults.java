package io.urteil.local.arithmetic;

/**
 * The probability of each fault in the demonstrations of the seed judge, per demonstration unless
 * noted.
 *
 * @param snap a guess without working
 * @param unitsOnly working for the units only, with a guess if both candidates agree there
 * @param slip the sum of a column is wrong by one or two (per column)
 * @param firstBias a guess is candidate A
 * @param malformed a tag or a score is missing
 */
public record DemonstrationFaults(
    double snap, double unitsOnly, double slip, double firstBias, double malformed) {

  /** Complete and correct working, for the first training phase. */
  public static final DemonstrationFaults NONE = new DemonstrationFaults(0, 0, 0, 0.5, 0);

  /** Guesses, slips and a bias towards A, which reinforcement learning can remove. */
  public static final DemonstrationFaults IMPERFECT =
      new DemonstrationFaults(0.5, 0.2, 0.05, 0.7, 0.06);

  public DemonstrationFaults {
    requireProbability("snap", snap);
    requireProbability("unitsOnly", unitsOnly);
    requireProbability("snap + unitsOnly", snap + unitsOnly);
    requireProbability("slip", slip);
    requireProbability("firstBias", firstBias);
    requireProbability("malformed", malformed);
  }

  private static void requireProbability(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to 1)");
    }
  }
}
