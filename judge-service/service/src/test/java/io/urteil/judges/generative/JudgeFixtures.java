package io.urteil.judges.generative;

import io.urteil.event.Prompt;
import io.urteil.event.Rollout;
import io.urteil.event.TestEvents;
import io.urteil.judge.api.CandidateGroup;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.judge.ModelJudge;
import java.util.ArrayList;
import java.util.List;

/** Candidates, panels and judges of a run file for tests. */
final class JudgeFixtures {

  private JudgeFixtures() {}

  /** The judge that a run file with these settings describes. */
  static ModelJudge described(String settings) {
    RunFile run =
        RunFileReader.read(
            "test",
            """
            run: test
            judges: { judge: { %s } }
            reward: { rule: correct, unparseable: 0 }
            batch: { kind: none }
            """
                .formatted(settings));
    return (ModelJudge) run.judges().firstEntry().getValue();
  }

  static List<PanelMember> panel(ScriptedModel model, String prompt) {
    return List.of(new PanelMember("", model, JudgePrompts.named(prompt)));
  }

  static Rollout rollout(int index, String text) {
    Prompt prompt = TestEvents.prompt(0).build();
    return TestEvents.rollout(prompt, "AB", index, text).build();
  }

  /** One arm with these answers. */
  static CandidateGroup group(String... answers) {
    List<Rollout> candidates = new ArrayList<>();
    for (String answer : answers) {
      candidates.add(rollout(candidates.size(), answer));
    }
    return new CandidateGroup(candidates.getFirst().getGroupId(), "AB", candidates);
  }
}
