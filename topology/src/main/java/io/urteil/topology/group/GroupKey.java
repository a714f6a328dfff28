package io.urteil.topology.group;

/**
 * Identifies a group. Group ids are unique within a run only, so that two runs over one data set
 * may both use its ids.
 */
public record GroupKey(String runId, String groupId) {

  /** Begins every stored key. State of earlier versions has the group id alone as its key. */
  private static final char SCOPED = '\1';

  private static final char SEPARATOR = '\0';

  /** The smallest key of earlier versions; all keys with a run precede it. */
  public static final String FIRST_WITHOUT_RUN = "\2";

  /** The key of a group's entries in a state store; contains exactly one NUL. */
  public String stored() {
    return SCOPED + runId + SEPARATOR + groupId;
  }

  /** Whether the ids are usable in a stored key. */
  public boolean isValid() {
    return !groupId.isEmpty() && groupId.indexOf(SEPARATOR) < 0 && runId.indexOf(SEPARATOR) < 0;
  }
}
