package io.urteil.judge.api;

import io.urteil.event.Vote;
import java.util.List;

/**
 * What a finding rests on and what it cost.
 *
 * @param votes what the judge's model said, vote by vote; empty for a rule
 * @param comparisons with other members that this one took part in
 * @param promptTokens read by the judge's model; of a vote on several members only with the one
 *     shown first, so that those of a group add up
 * @param completionTokens written by it, counted alike
 */
public record Evidence(List<Vote> votes, int comparisons, int promptTokens, int completionTokens) {

  /** A rule needs none. */
  public static final Evidence NONE = new Evidence(List.of(), 0, 0, 0);

  public Evidence {
    votes = List.copyOf(votes);
  }
}
