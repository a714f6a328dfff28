package io.urteil.judge;

import io.urteil.judge.answer.AnswerJudge;
import io.urteil.judge.answer.MajorityAnswerJudge;
import io.urteil.judge.rule.VerdictJudge;
import io.urteil.prompt.VerdictFormat;
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

  /** Makes every kind of judge that this service has. */
  static JudgeMaker standard() {
    return description ->
        switch (description) {
          case RunFile.Judge.VerdictJudge(String format) ->
              new VerdictJudge(VerdictFormat.named(format));
          case RunFile.Judge.AnswerJudge(var compare) -> new AnswerJudge(compare);
          case RunFile.Judge.MajorityAnswerJudge(var compare) -> new MajorityAnswerJudge(compare);
        };
  }
}
