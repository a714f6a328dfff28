package io.urteil.local.arithmetic;

/**
 * How a demonstrating judge works: the probability of each of its faults, per demonstration unless
 * said otherwise.
 *
 * @param snap guesses without any working
 * @param unitsOnly works out the column of the units only and guesses when both candidates agree
 *     there
 * @param slip gets the sum of a column wrong by one or two (per column)
 * @param firstBias a guess goes to candidate A
 * @param malformed leaves out a tag or a score
 */
public record DemonstrationFaults(
    double snap, double unitsOnly, double slip, double firstBias, double malformed) {

  /** Always works in full and never slips: the skill, learned first. */
  public static final DemonstrationFaults NONE = new DemonstrationFaults(0, 0, 0, 0.5, 0);

  /** The judge that reinforcement learning is to cure: hasty, careless and fond of A. */
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
