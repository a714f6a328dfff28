package io.urteil.judges;

import io.urteil.judge.api.Judge;
import io.urteil.run.judge.JudgeSection;

/** Makes the judge that a run file describes. */
@FunctionalInterface
public interface JudgeFactory {

  /**
   * The judge of this description.
   *
   * @throws IllegalArgumentException when there is no such judge, naming those there are
   */
  Judge make(JudgeSection description);
}
