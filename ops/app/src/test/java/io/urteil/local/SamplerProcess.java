package io.urteil.local;

import io.urteil.event.Place;
import io.urteil.sampler.Sampler;
import java.nio.file.Path;

/** A sampler in a JVM of its own, to be killed: {@code BOOTSTRAP PREFIX DIRECTORY}. */
final class SamplerProcess {

  private SamplerProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    new Sampler(new Place(arguments[0], arguments[1], Path.of(arguments[2]))).start();
    Thread.currentThread().join();
  }
}
