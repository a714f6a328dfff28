package io.urteil.run.keys;

/**
 * The valid range of a number.
 *
 * @param expectation the range in words, for messages
 * @param exclusive whether {@code least} itself is invalid
 */
public record Bounds(String expectation, double least, boolean exclusive, double most) {

  public static final Bounds ANY =
      new Bounds("a number", Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY);
  public static final Bounds FROM_0 = from(0, "a number of at least 0");
  public static final Bounds ABOVE_0 =
      new Bounds("a number above 0", 0, true, Double.POSITIVE_INFINITY);
  public static final Bounds ABOVE_0_TO_1 = new Bounds("a number above 0, at most 1", 0, true, 1);
  public static final Bounds FROM_0_TO_1 = new Bounds("a number from 0 to 1", 0, false, 1);
  public static final Bounds INTEGER_FROM_0 = from(0, "a whole number of at least 0");
  public static final Bounds INTEGER_FROM_1 = from(1, "a whole number of at least 1");
  public static final Bounds INTEGER_OR_OFF = from(0, "a whole number, 0 for off");
  public static final Bounds INTEGER_OR_NO_LIMIT = from(0, "a whole number, 0 for no limit");
  public static final Bounds ZERO_OR_ONE = new Bounds("0 or 1", 0, false, 1);

  /** Whole numbers from {@code least} to {@code most}. */
  public static Bounds integer(int least, int most) {
    return new Bounds("a whole number from %d to %d".formatted(least, most), least, false, most);
  }

  private static Bounds from(double least, String expectation) {
    return new Bounds(expectation, least, false, Double.POSITIVE_INFINITY);
  }

  /** A copy with another description for messages. */
  public Bounds expecting(String description) {
    return new Bounds(description, least, exclusive, most);
  }

  /** Whether the number is in the range. */
  public boolean allow(double number) {
    return (exclusive ? number > least : number >= least) && number <= most;
  }
}
