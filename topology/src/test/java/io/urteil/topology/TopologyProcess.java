package io.urteil.topology;

import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The topology in a JVM of its own, to be killed: {@code BOOTSTRAP PREFIX DIRECTORY
 * SESSION-TIMEOUT}.
 */
final class TopologyProcess {

  private TopologyProcess() {}

  static TopologySettings withSessions(Duration timeout) {
    TopologySettings usual = TopologySettings.defaults();
    return new TopologySettings(
        usual.threads(),
        usual.commitInterval(),
        timeout,
        usual.clockInterval(),
        usual.tombstoneRetention());
  }

  public static void main(String[] arguments) throws InterruptedException {
    Namespace place = new Namespace(arguments[0], arguments[1], Path.of(arguments[2]));
    TopologyComponent part =
        new TopologyComponent(place, withSessions(Duration.parse(arguments[3])));
    Runtime.getRuntime().addShutdownHook(new Thread(part::close));
    part.start();
    System.out.println("STARTED");
    while (part.health() instanceof ServiceComponent.Health.Running) {
      Thread.sleep(100);
    }
    System.out.println("ENDED " + part.health());
  }
}
