package io.urteil.gateway;

/**
 * Identifies a group: runs may use the same group ids.
 *
 * @param run name of the run
 * @param id id of the group within the run
 */
public record GroupName(String run, String id) {

  @Override
  public String toString() {
    return "group '%s' of run '%s'".formatted(id, run);
  }
}
