package io.urteil.local.evaluation;

import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.JudgeProvider;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judge.api.PolicyText;
import io.urteil.plugin.PluginSettings;
import java.util.List;

/** The judge that benchmarks know the floor of: an answer's score is its length. */
public final class LengthJudgeProvider implements JudgeProvider {

  static final String TYPE = "test.length";

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public Judge make(PluginSettings settings) {
    return new Length();
  }

  private static final class Length implements PointwiseJudge {
    @Override
    public String version() {
      return "length/1";
    }

    @Override
    public Finding judge(Rollout rollout) {
      double length = PolicyText.last(rollout).orElse("").length();
      return new Finding.Scored(new Verdict(List.of(length), null, null, List.of()), null);
    }
  }
}
