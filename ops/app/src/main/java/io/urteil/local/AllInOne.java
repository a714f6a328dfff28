package io.urteil.local;

import io.urteil.embedded.EmbeddedKafka;
import io.urteil.event.EventProducer;
import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import io.urteil.event.TopicCreator;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.run.RunFile;
import io.urteil.run.RunRegistry;
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
 * One run with everything it needs in this JVM: broker, topology, judges, trainer, sampler, feeder.
 *
 * <p>Starting again on the same directory with the same run goes on where it was killed: each part
 * finds what it needs on the log and in its files.
 */
public final class AllInOne implements AutoCloseable {

  private final EmbeddedKafka broker;
  private final Namespace place;
  private final List<ServiceComponent> parts = new ArrayList<>();

  private AllInOne(EmbeddedKafka broker, Path directory) {
    this.broker = broker;
    this.place = new Namespace(broker.bootstrap(), "", directory);
  }

  /**
   * Starts broker and parts and returns when all are at work.
   *
   * @param directory data of broker and parts; made when missing
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
    ProcessSettings settings = ProcessSettings.ofProcess();
    TopicCreator.create(place);
    try (EventProducer producer = EventProducer.idempotent(place)) {
      RunRegistry.publish(producer, run);
    }
    add(new Trainer(place, run.run(), settings.trainer()));
    add(new TopologyComponent(place, settings.topology()));
    add(new JudgeWorker(place, settings.judge()));
    add(new Sampler(place, settings.sampler()));
    add(new PromptFeeder(place, run.run()));
  }

  private void add(ServiceComponent part) {
    parts.add(part);
    part.start();
  }

  /** Where the parts run. */
  public Namespace place() {
    return place;
  }

  /** What broke the first broken part, if any is. */
  public Optional<Throwable> broken() {
    return ServiceComponent.firstBroken(parts);
  }

  /** Stops the parts, the ones that make work first, then the broker. */
  @Override
  public void close() {
    parts.reversed().forEach(ServiceComponent::close);
    parts.clear();
    broker.close();
  }
}
