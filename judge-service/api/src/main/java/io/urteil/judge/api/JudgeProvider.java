package io.urteil.judge.api;

/**
 * A kind of judge that Urteil does not have itself. Found by {@link java.util.ServiceLoader}: the
 * class is named in {@code META-INF/services/io.urteil.judge.api.JudgeProvider} of its jar, is
 * public and has a public constructor without parameters.
 */
public interface JudgeProvider {

  /** What a run file calls it, with a dot in it, such as {@code acme.length}. */
  String type();

  /**
   * Makes a judge for a run: a {@link PointwiseJudge}, or a {@link GroupJudge} where the run file
   * says {@code comparesMembers: true}.
   *
   * @throws IllegalArgumentException when the settings are not as they should be, saying what was
   *     found and what was expected; every judgement is then {@code FAILED} with that message
   */
  Judge make(JudgeSettings settings);
}
