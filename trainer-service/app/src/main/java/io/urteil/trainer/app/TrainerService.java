package io.urteil.trainer.app;

import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.urteil.service.app.ServiceHost;
import io.urteil.trainer.Trainer;
import io.urteil.trainer.TrainerSettings;
import io.urteil.trainer.policy.ComputeSettings;
import java.util.List;

/** A process with the trainer of one run. */
@QuarkusMain
public final class TrainerService implements QuarkusApplication {

  private final ServiceHost host;
  private final TrainerConfig config;

  TrainerService(ServiceHost host, TrainerConfig config) {
    this.host = host;
    this.config = config;
  }

  @Override
  public int run(String... arguments) {
    TrainerSettings settings = settings(config);
    return host.run(
        List.of(TrainerConfig.class),
        List.of(namespace -> new Trainer(namespace, config.run(), settings)));
  }

  static TrainerSettings settings(TrainerConfig config) {
    return new TrainerSettings(
        new ComputeSettings(config.compute().threads(), config.compute().microBatchTokens()),
        config.measureAll());
  }
}
