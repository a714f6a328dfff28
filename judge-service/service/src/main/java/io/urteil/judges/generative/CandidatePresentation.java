package io.urteil.judges.generative;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The candidates of one judge prompt, in the order in which it shows them.
 *
 * @param order positions in the group, in the order shown
 * @param round of the tournament, from 0
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

  /** The member indexes in the order shown, as in {@code Vote.order}: {@code 1,0}. */
  String memberIndexes(CandidateAnswers candidates) {
    return order.stream()
        .map(position -> Integer.toString(candidates.index(position)))
        .collect(Collectors.joining(","));
  }
}
