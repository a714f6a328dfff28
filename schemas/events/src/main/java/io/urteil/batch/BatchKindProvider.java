package io.urteil.batch;

import io.urteil.plugin.PluginSettings;

/**
 * A batch kind plug-in, found by {@link java.util.ServiceLoader}: the class is named in {@code
 * META-INF/services/io.urteil.batch.BatchKindProvider} of its jar, is public and has a public
 * constructor without parameters.
 */
public interface BatchKindProvider {

  /** Its name in run files, which contains a dot, such as {@code acme.best-of-n}. */
  String kind();

  /**
   * Creates the kind of a run.
   *
   * @throws IllegalArgumentException if the settings are invalid, with the value and the
   *     expectation
   */
  BatchKind create(PluginSettings settings);
}
