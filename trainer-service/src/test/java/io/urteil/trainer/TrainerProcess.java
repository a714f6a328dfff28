package io.urteil.trainer;

import io.urteil.event.Namespace;
import io.urteil.event.ServiceComponent.Health;
import java.nio.file.Path;

/** A trainer alone in a JVM, for tests that kill it: BOOTSTRAP PREFIX DATA_DIRECTORY RUN. */
final class TrainerProcess {

  private TrainerProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    Namespace place = new Namespace(arguments[0], arguments[1], Path.of(arguments[2]));
    try (Trainer trainer = new Trainer(place, arguments[3])) {
      trainer.start();
      while (trainer.health() instanceof Health.Running) {
        Thread.sleep(50);
      }
      System.out.println("ENDED " + trainer.health());
    }
  }
}
