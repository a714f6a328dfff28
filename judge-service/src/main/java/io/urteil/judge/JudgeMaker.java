package io.urteil.judge;

import io.urteil.run.RunFile;

/** Makes the judge that a run file describes. */
@FunctionalInterface
interface JudgeMaker {

  /**
   * The judge of this description.
   *
   * @throws IllegalArgumentException when there is no such judge, naming those there are
   */
  Judge make(RunFile.Judge description);
}
