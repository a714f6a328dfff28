package io.urteil.event;

import java.util.Optional;

/** Deterministic ids: a repeated event has the same id. */
public final class Ids {

  /** Separates the tenant of a gateway from the rest of a group's id. */
  public static final String TENANT_SEPARATOR = "/";

  private Ids() {}

  /** The id of the group of a prompt; ordinals are counted per purpose. */
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

  /**
   * The tenant of a gateway that sent a group: the id of its group begins with its name. Groups
   * that are trained or evaluated on have none, whatever their id; nor have those whose id begins
   * with the name of the run, as that of {@link #group}.
   */
  public static Optional<String> tenant(String runId, String groupId, Purpose purpose) {
    int end = groupId.indexOf(TENANT_SEPARATOR);
    if (purpose != Purpose.PROBE || end <= 0) {
      return Optional.empty();
    }
    String first = groupId.substring(0, end);
    return first.equals(runId) ? Optional.empty() : Optional.of(first);
  }

  /** The id of one member of a group. */
  public static String member(String groupId, String arm, int index, int attempt) {
    return groupId + "/" + arm + "/" + index + "/" + attempt;
  }

  /** The id of the judgement of one member by one judge. */
  public static String judgement(String groupId, String arm, int index, int attempt, String judge) {
    return member(groupId, arm, index, attempt) + "/" + judge;
  }

  /** The id of the run's batch of this number. */
  public static String batch(String runId, long number) {
    return runId + "/" + number;
  }

  /**
   * The sampling seed of one member, a function of its id, so that repeated sampling is
   * reproducible.
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
