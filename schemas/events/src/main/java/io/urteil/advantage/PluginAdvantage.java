package io.urteil.advantage;

import com.fasterxml.jackson.databind.JsonNode;
import io.urteil.event.AdvantageSettings;
import io.urteil.plugin.PluginSettings;
import io.urteil.plugin.Plugins;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * The advantage estimator of a plug-in, which {@link AdvantageProvider} creates from its settings.
 * A process that computes no advantages reads and writes the run file without the plug-in.
 *
 * @param plugin name of the plug-in, which contains a dot
 * @param settings a mapping that only the plug-in interprets
 */
public record PluginAdvantage(String plugin, JsonNode settings) implements Advantage {

  private static final String DESCRIBED = "plug-in";

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the plug-in is not installed, rejects its settings, or
   *     returns another number of advantages, or one that is not finite
   */
  @Override
  public List<double[]> advantages(List<ArmRewards> batch, Map<String, Double> weights) {
    List<double[]> advantages = installed().of(batch, weights);
    if (advantages.size() != batch.size()) {
      throw invalid(advantages.size() + " lists", batch.size() + ", one for each group and arm");
    }
    for (int arm = 0; arm < batch.size(); arm++) {
      double[] ofArm = advantages.get(arm);
      int rewards = batch.get(arm).rewards().length;
      if (ofArm.length != rewards) {
        throw invalid(ofArm.length + " values", rewards + ", one for each reward");
      }
      if (!Arrays.stream(ofArm).allMatch(Double::isFinite)) {
        throw invalid(Arrays.toString(ofArm), "finite numbers");
      }
    }
    return advantages;
  }

  @Override
  public void requireInstalled() {
    installed();
  }

  private AdvantageProvider.Estimator installed() {
    PluginSettings read = new PluginSettings("advantage '" + plugin + "'", settings);
    AdvantageProvider.Estimator estimator =
        Plugins.named(AdvantageProvider.class, AdvantageProvider::name, plugin).create(read);
    read.rejectUnknown();
    return estimator;
  }

  @Override
  public AdvantageSettings describe() {
    return AdvantageSettings.newBuilder()
        .setPreset(plugin)
        .setBaseline(DESCRIBED)
        .setScale(DESCRIBED)
        .setDdof(0)
        .setEpsilon(0)
        .setAlone(DESCRIBED)
        .setOf(DESCRIBED)
        .setWhiten(false)
        .build();
  }

  private IllegalArgumentException invalid(String value, String expectation) {
    return new IllegalArgumentException(
        "advantage '%s': %s (expected: %s)".formatted(plugin, value, expectation));
  }
}
