package io.urteil.local;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TopicCreator;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
import io.urteil.run.judge.ModelJudge;
import io.urteil.sampler.Sampler;
import io.urteil.sampler.feed.PromptFeeder;
import io.urteil.topology.TopologyComponent;
import io.urteil.trainer.Trainer;
import io.urteil.worker.JudgeWorker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One run with all its components in this JVM: broker, topology, judge worker, trainer, sampler and
 * feeder.
 *
 * <p>A restart on the same directory with the same run resumes, also after a kill: each component
 * recovers its state from the topics and its files.
 */
public final class AllInOne implements AutoCloseable {

  private final EmbeddedKafka broker;
  private final Namespace namespace;
  private final List<ServiceComponent> components = new ArrayList<>();

  private AllInOne(EmbeddedKafka broker, Path directory) {
    this.broker = broker;
    this.namespace = new Namespace(broker.bootstrap(), "", directory);
  }

  /**
   * Starts the broker and the components and returns when all are started.
   *
   * @param directory data directory of broker and components; created if missing
   */
  public static AllInOne start(Path directory, RunFile run) {
    AllInOne all = new AllInOne(EmbeddedKafka.start(directory.resolve("broker")), directory);
    try {
      all.begin(run);
      return all;
    } catch (RuntimeException | Error e) {
      all.close();
      throw e;
    }
  }

  private void begin(RunFile run) {
    ProcessSettings settings = ProcessSettings.ofProcess().sharedBy(modelComponents(run));
    TopicCreator.create(namespace);
    try (EventProducer producer = EventProducer.idempotent(namespace)) {
      RunRegistry.publish(producer, run);
    }
    add(new Trainer(namespace, run.run(), settings.trainer()));
    add(new TopologyComponent(namespace, settings.topology()));
    add(new JudgeWorker(namespace, settings.judge()));
    add(new Sampler(namespace, settings.sampler()));
    add(new PromptFeeder(namespace, run.run()));
  }

  /** Sampler and trainer, and the judge worker if a judge has a model. */
  private static int modelComponents(RunFile run) {
    return run.judges().values().stream().anyMatch(ModelJudge.class::isInstance) ? 3 : 2;
  }

  private void add(ServiceComponent component) {
    components.add(component);
    component.start();
  }

  /** The namespace of the components. */
  public Namespace namespace() {
    return namespace;
  }

  /** The error of the first failed component; empty while none has failed. */
  public Optional<Throwable> failure() {
    return ServiceComponent.firstFailed(components);
  }

  /**
   * Stops the components in reverse order, so that feeder and sampler stop first, then the broker.
   */
  @Override
  public void close() {
    components.reversed().forEach(ServiceComponent::close);
    components.clear();
    broker.close();
  }
}
