package io.urteil.judges.generative;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Candidates as they are shown together.
 *
 * @param order positions in the group, in the order shown
 * @param round of a tournament
 */
record CandidatePresentation(List<Integer> order, int round) {

  CandidatePresentation {
    order = List.copyOf(order);
  }

  boolean shows(int candidate) {
    return order.contains(candidate);
  }

  boolean showsFirst(int candidate) {
    return order.getFirst() == candidate;
  }

  /** The indexes of the members shown, as events spell it. */
  String spelling(CandidateAnswers candidates) {
    return order.stream()
        .map(position -> Integer.toString(candidates.index(position)))
        .collect(Collectors.joining(","));
  }
}
