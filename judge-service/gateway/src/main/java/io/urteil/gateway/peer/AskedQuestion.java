package io.urteil.gateway.peer;

import io.urteil.event.OutcomeMember;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A question of a client of System One or Decisions. A run answers it with its reward, or with the
 * part of the reward that has the name of the question.
 *
 * @param name of the question
 * @param levels ordered, for a rating; empty for a statement
 */
record AskedQuestion(String name, List<String> levels) {

  AskedQuestion {
    levels = List.copyOf(levels);
  }

  /** The answer, from 0 to 1; empty if the reward is outside of this range. */
  OptionalDouble value(OutcomeMember member) {
    double value = member.getParts().getOrDefault(name, member.getReward());
    return value >= 0 && value <= 1 ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /** The expected level of a value from 0 to 1. */
  double level(double value) {
    return value * (levels.size() - 1);
  }

  /** The distribution over the two levels next to the expected one, which has this mean. */
  List<Double> probabilities(double value) {
    double expected = level(value);
    List<Double> probabilities = new ArrayList<>();
    for (int i = 0; i < levels.size(); i++) {
      probabilities.add(Math.max(0, 1 - Math.abs(expected - i)));
    }
    return probabilities;
  }
}
