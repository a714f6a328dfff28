package io.urteil.judges;

import io.urteil.judge.api.Judge;
import io.urteil.run.judge.JudgeSection;

/** Creates a judge from its section of a run file. */
@FunctionalInterface
public interface JudgeFactory {

  /**
   * The judge of this section. May block while a model is loaded.
   *
   * @throws IllegalArgumentException when the judge cannot be created; names the valid values
   */
  Judge make(JudgeSection description);
}
