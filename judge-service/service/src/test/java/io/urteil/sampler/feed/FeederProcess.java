package io.urteil.sampler.feed;

import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent.Health;
import java.nio.file.Path;

/** A feeder in a JVM of its own, to be killed: {@code BOOTSTRAP PREFIX DIRECTORY RUN}. */
final class FeederProcess {

  private FeederProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    Namespace place = new Namespace(arguments[0], arguments[1], Path.of(arguments[2]));
    try (PromptFeeder feeder = new PromptFeeder(place, arguments[3])) {
      feeder.start();
      while (feeder.health() instanceof Health.Running) {
        Thread.sleep(50);
      }
      System.out.println("ENDED " + feeder.health());
    }
  }
}
