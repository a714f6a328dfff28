package io.urteil.topology;

import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent;
import java.nio.file.Path;

/** The topology in a JVM of its own, to be killed: {@code BOOTSTRAP PREFIX DIRECTORY}. */
final class TopologyProcess {

  private TopologyProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    Namespace place = new Namespace(arguments[0], arguments[1], Path.of(arguments[2]));
    TopologyComponent part = new TopologyComponent(place);
    Runtime.getRuntime().addShutdownHook(new Thread(part::close));
    part.start();
    System.out.println("STARTED");
    while (part.health() instanceof ServiceComponent.Health.Running) {
      Thread.sleep(100);
    }
    System.out.println("ENDED " + part.health());
  }
}
