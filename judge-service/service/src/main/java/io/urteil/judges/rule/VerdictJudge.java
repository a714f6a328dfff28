package io.urteil.judges.rule;

import io.urteil.event.Rollout;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judge.api.PolicyText;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Parses the verdict in the policy's text, for runs that train a judge. */
public final class VerdictJudge implements PointwiseJudge {

  private final VerdictFormat format;
  private final SortedMap<String, VerdictFormat> formats;

  /** A judge that parses this format in every arm. */
  public VerdictJudge(VerdictFormat format) {
    this(format, Map.of());
  }

  /**
   * A judge that parses this format, except in the listed arms.
   *
   * @param formats by arm, for arms with another format
   */
  public VerdictJudge(VerdictFormat format, Map<String, VerdictFormat> formats) {
    this.format = format;
    this.formats = new TreeMap<>(formats);
  }

  @Override
  public String version() {
    StringBuilder names = new StringBuilder(format.formatName());
    formats.forEach(
        (arm, other) -> names.append(' ').append(arm).append('=').append(other.formatName()));
    return names + "/1";
  }

  @Override
  public Finding judge(Rollout rollout) {
    Optional<String> text = PolicyText.last(rollout);
    if (text.isEmpty()) {
      return new Finding.Abstained("no policy text (expected: a segment of role assistant)");
    }
    VerdictFormat own = formats.getOrDefault(rollout.getArm(), format);
    return switch (own.parse(text.get())) {
      case ParsedVerdict.Read read -> new Finding.Scored(VerdictEvents.of(read), null);
      case ParsedVerdict.Unparseable unparseable ->
          new Finding.Unparseable(text.get(), unparseable.fault().spelling());
      case ParsedVerdict.Abstained abstained -> new Finding.Abstained(text.get());
    };
  }
}
