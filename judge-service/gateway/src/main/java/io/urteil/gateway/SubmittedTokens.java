package io.urteil.gateway;

import java.util.List;

/**
 * The tokens of a member's text, as its policy sampled them.
 *
 * @param ids token ids, in order; every one counts as sampled by the policy
 * @param logprobs behaviour log-probability of each token, natural logarithm; as many as ids, or
 *     empty if unknown
 */
public record SubmittedTokens(List<Integer> ids, List<Double> logprobs) {

  public SubmittedTokens {
    ids = List.copyOf(ids);
    logprobs = List.copyOf(logprobs);
  }
}
