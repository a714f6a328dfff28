package io.urteil.judge.rule;

import io.urteil.event.Rollout;
import io.urteil.judge.Finding;
import io.urteil.judge.PointwiseJudge;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import java.util.Optional;

/** Reads the verdict that the policy wrote, where the policy is itself a judge under training. */
public final class VerdictJudge implements PointwiseJudge {

  private final VerdictFormat format;

  /** A judge that reads verdicts of this format. */
  public VerdictJudge(VerdictFormat format) {
    this.format = format;
  }

  @Override
  public String version() {
    return format.formatName() + "/1";
  }

  @Override
  public Finding judge(Rollout rollout) {
    Optional<String> text = PolicyText.last(rollout);
    if (text.isEmpty()) {
      return new Finding.Abstained("no text by the policy (expected: a segment of role assistant)");
    }
    return switch (format.parse(text.get())) {
      case ParsedVerdict.Read read -> new Finding.Scored(Verdicts.of(read), null);
      case ParsedVerdict.Unparseable unparseable ->
          new Finding.Unparseable(text.get(), unparseable.fault().spelling());
      case ParsedVerdict.Abstained abstained -> new Finding.Abstained(text.get());
    };
  }
}
