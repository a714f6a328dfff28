package io.urteil.advantage;

import io.urteil.run.keys.Keys;

/** The run-file section {@code advantage}. */
public final class Advantages {

  private Advantages() {}

  /** Settings of {@link NormalisedAdvantage}, or a plug-in with its settings. */
  public static Advantage of(Keys<Advantage> keys) {
    String plugin =
        keys.optionalText(
            "plugin",
            advantage -> advantage instanceof PluginAdvantage other ? other.plugin() : null,
            "the name of a plug-in",
            "Name of a plug-in that computes the advantages; all other keys but settings are then"
                + " absent.");
    if (plugin == null) {
      NormalisedAdvantage normalised = NormalisedAdvantage.of(keys.as(NormalisedAdvantage.class));
      if (!keys.isDescribed()) {
        return normalised;
      }
    }
    if (plugin != null && !plugin.contains(".")) {
      keys.problem("plugin", "the name of a plug-in, which has a dot in it");
    }
    return new PluginAdvantage(
        plugin == null ? "" : plugin,
        keys.opaque(
            "settings",
            advantage -> ((PluginAdvantage) advantage).settings(),
            "Settings of the plug-in, which only the plug-in interprets."));
  }
}
