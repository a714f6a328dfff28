package io.urteil.event;

/** Ids are functions of what they name, never random, so that a repeated event repeats its id. */
public final class Ids {

  private Ids() {}

  /** Group of the prompt with this ordinal; purposes count apart. */
  public static String group(String runId, Purpose purpose, long ordinal) {
    String kind =
        switch (purpose) {
          case TRAIN -> "t";
          case EVALUATE -> "e";
          case PROBE -> "p";
          case UNKNOWN -> "u";
        };
    return runId + "/" + kind + ordinal;
  }

  /** One member of a group. */
  public static String member(String groupId, String arm, int index, int attempt) {
    return groupId + "/" + arm + "/" + index + "/" + attempt;
  }

  /** One judge's judgement of one member. */
  public static String judgement(String groupId, String arm, int index, int attempt, String judge) {
    return member(groupId, arm, index, attempt) + "/" + judge;
  }

  /** The run's batch with this number. */
  public static String batch(String runId, long number) {
    return runId + "/" + number;
  }

  /**
   * Seed of one sample: a function of who it is, so that sampling it again repeats it.
   *
   * @param runSeed the run file's seed
   */
  public static long seed(long runSeed, String groupId, String arm, int index, int attempt) {
    long seed = runSeed * 0x9E3779B97F4A7C15L;
    for (char c : member(groupId, arm, index, attempt).toCharArray()) {
      seed = (seed ^ c) * 0x100000001B3L;
    }
    return seed ^ (seed >>> 32);
  }
}
