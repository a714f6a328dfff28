package io.urteil.topology.app;

import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.urteil.plugin.Plugins;
import io.urteil.service.app.ServiceHost;
import io.urteil.topology.TopologyComponent;
import io.urteil.topology.TopologySettings;
import java.util.List;

/** A process with the topology. */
@QuarkusMain
public final class TopologyService implements QuarkusApplication {

  private final ServiceHost host;
  private final TopologyConfig config;

  TopologyService(ServiceHost host, TopologyConfig config) {
    this.host = host;
    this.config = config;
  }

  @Override
  public int run(String... arguments) {
    config.plugins().ifPresent(Plugins::loadFrom);
    TopologySettings settings = settings(config);
    return host.run(
        List.of(TopologyConfig.class),
        List.of(namespace -> new TopologyComponent(namespace, settings)));
  }

  static TopologySettings settings(TopologyConfig config) {
    return new TopologySettings(
        config.streams().threads(),
        config.streams().commitInterval(),
        config.streams().sessionTimeout(),
        config.groups().clockInterval(),
        config.groups().tombstoneRetention());
  }
}
