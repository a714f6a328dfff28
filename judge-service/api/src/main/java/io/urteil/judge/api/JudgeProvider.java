package io.urteil.judge.api;

import io.urteil.plugin.PluginSettings;

/**
 * A judge plug-in, found by {@link java.util.ServiceLoader}: the class is named in {@code
 * META-INF/services/io.urteil.judge.api.JudgeProvider} of its jar, is public and has a public
 * constructor without parameters.
 */
public interface JudgeProvider {

  /** Its type in run files, which contains a dot, such as {@code acme.length}. */
  String type();

  /**
   * Creates a judge for a run: a {@link PointwiseJudge}, or a {@link GroupJudge} if the run file
   * sets {@code comparesMembers: true}.
   *
   * @throws IllegalArgumentException if the settings are invalid, with the value and the
   *     expectation; every judgement is then {@code FAILED} with that message
   */
  Judge make(PluginSettings settings);
}
