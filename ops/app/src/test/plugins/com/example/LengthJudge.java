package com.example;

import io.urteil.event.Rollout;
import io.urteil.event.Verdict;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.Judge;
import io.urteil.judge.api.JudgeProvider;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judge.api.PolicyText;
import io.urteil.plugin.PluginSettings;
import java.util.List;

/** Calls an answer right when it is short enough. */
public final class LengthJudge implements JudgeProvider {

  @Override
  public String type() {
    return "example.length";
  }

  @Override
  public Judge make(PluginSettings settings) {
    return new Limit(settings.integer("most", 100));
  }

  private record Limit(int most) implements PointwiseJudge {
    @Override
    public String version() {
      return "length/1 most=" + most;
    }

    @Override
    public Finding judge(Rollout rollout) {
      int length = PolicyText.last(rollout).orElse("").length();
      Verdict verdict =
          new Verdict(
              List.of((double) -length), null, length <= most ? "right" : "wrong", List.of());
      return new Finding.Scored(verdict, null);
    }
  }
}
