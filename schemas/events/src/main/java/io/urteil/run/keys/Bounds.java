package io.urteil.run.keys;

/**
 * What a number must be.
 *
 * @param expectation in words, as messages say it
 * @param exclusive whether the number must be above {@code least}, not just at it
 */
public record Bounds(String expectation, double least, boolean exclusive, double most) {

  public static final Bounds ANY =
      new Bounds("a number", Double.NEGATIVE_INFINITY, false, Double.POSITIVE_INFINITY);
  public static final Bounds FROM_0 = from(0, "a number of at least 0");
  public static final Bounds ABOVE_0 =
      new Bounds("a number above 0", 0, true, Double.POSITIVE_INFINITY);
  public static final Bounds ABOVE_0_TO_1 = new Bounds("a number above 0, at most 1", 0, true, 1);
  public static final Bounds FROM_0_TO_1 = new Bounds("a number from 0 to 1", 0, false, 1);
  public static final Bounds WHOLE_FROM_0 = from(0, "a whole number of at least 0");
  public static final Bounds WHOLE_FROM_1 = from(1, "a whole number of at least 1");
  public static final Bounds WHOLE_OR_OFF = from(0, "a whole number, 0 for off");
  public static final Bounds WHOLE_OR_NO_LIMIT = from(0, "a whole number, 0 for no limit");
  public static final Bounds ZERO_OR_ONE = new Bounds("0 or 1", 0, false, 1);

  private static Bounds from(double least, String expectation) {
    return new Bounds(expectation, least, false, Double.POSITIVE_INFINITY);
  }

  /** The same bounds in other words. */
  public Bounds expecting(String words) {
    return new Bounds(words, least, exclusive, most);
  }

  public boolean allow(double number) {
    return (exclusive ? number > least : number >= least) && number <= most;
  }
}
