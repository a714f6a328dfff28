package io.urteil.local;

import io.urteil.event.Namespace;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.sampler.Sampler;
import java.nio.file.Path;

/** A sampler in a JVM of its own, to be killed: {@code BOOTSTRAP PREFIX DIRECTORY}. */
final class PlainSamplerProcess {

  private PlainSamplerProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    Namespace place = new Namespace(arguments[0], arguments[1], Path.of(arguments[2]));
    new Sampler(place, ProcessSettings.ofProcess().sampler()).start();
    Thread.currentThread().join();
  }
}
