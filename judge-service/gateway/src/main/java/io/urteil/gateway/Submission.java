package io.urteil.gateway;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A group that is submitted to be judged.
 *
 * @param name of the group
 * @param prompt the messages before the completions
 * @param reference expected answer; null without one
 * @param columns further columns, passed through to judges, rules and outcome
 * @param size members in each arm; null for as many as are submitted
 * @param members at least one; other members of the same group may follow in further submissions
 */
public record Submission(
    GroupName name,
    List<SubmittedMessage> prompt,
    @Nullable String reference,
    Map<String, String> columns,
    @Nullable Integer size,
    List<SubmittedMember> members) {

  public Submission {
    prompt = List.copyOf(prompt);
    columns = Map.copyOf(columns);
    members = List.copyOf(members);
  }
}
