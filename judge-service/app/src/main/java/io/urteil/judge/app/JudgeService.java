package io.urteil.judge.app;

import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.plugin.Plugins;
import io.urteil.sampler.Sampler;
import io.urteil.sampler.SamplerSettings;
import io.urteil.sampler.feed.PromptFeeder;
import io.urteil.service.app.ServiceHost;
import io.urteil.worker.JudgeWorker;
import io.urteil.worker.JudgeWorkerSettings;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Function;

/** A process with a judge worker, a sampler, a feeder, or several of them. */
@QuarkusMain
public final class JudgeService implements QuarkusApplication {

  private final ServiceHost host;
  private final JudgeConfig judge;
  private final SamplerConfig sampler;
  private final FeederConfig feeder;
  private final EngineConfig engine;

  JudgeService(
      ServiceHost host,
      JudgeConfig judge,
      SamplerConfig sampler,
      FeederConfig feeder,
      EngineConfig engine) {
    this.host = host;
    this.judge = judge;
    this.sampler = sampler;
    this.feeder = feeder;
    this.engine = engine;
  }

  @Override
  public int run(String... arguments) {
    judge.plugins().ifPresent(Plugins::loadFrom);
    int sharers = sharers(judge.roles());
    JudgeWorkerSettings judging = JudgeServiceSettings.judge(judge, engine).sharedBy(sharers);
    SamplerSettings sampling = JudgeServiceSettings.sampler(sampler, engine).sharedBy(sharers);
    List<Function<Namespace, ? extends ServiceComponent>> factories = new ArrayList<>();
    for (JudgeConfig.Role role : EnumSet.copyOf(judge.roles())) {
      factories.add(
          switch (role) {
            case JUDGE -> namespace -> new JudgeWorker(namespace, judging);
            case SAMPLER -> namespace -> new Sampler(namespace, sampling);
            case FEEDER -> {
              String run = requiredRun();
              yield namespace -> new PromptFeeder(namespace, run);
            }
          });
    }
    return host.run(
        List.of(JudgeConfig.class, SamplerConfig.class, FeederConfig.class, EngineConfig.class),
        factories);
  }

  /** Components that run models. */
  private static int sharers(List<JudgeConfig.Role> roles) {
    return (int) roles.stream().distinct().filter(role -> role != JudgeConfig.Role.FEEDER).count();
  }

  private String requiredRun() {
    return feeder
        .run()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "urteil.feeder.run: missing (expected: the id of the run to feed)"));
  }
}
