package io.urteil.engine;

import static java.util.Objects.requireNonNull;

import io.urteil.model.DecoderConfig;

/**
 * How the engines of a process use its machine. All engines of a process are given the same.
 *
 * @param memoryBytes memory that the engines may take together; 0 for that of the machine or
 *     container, less the largest heap
 * @param device where models run
 * @param deviceMemoryBytes memory of a graphics card that engines may take; 0 for all there is
 * @param spinMicros how long an idle thread of the runtime looks for work before it sleeps; 0 for
 *     not at all. 50 is worth a tenth of a batch-1 step on cores that nothing else uses, and costs
 *     more than that on shared ones
 * @param fixedShape whether every step runs all slots and every prompt is read by itself, so that
 *     tokens and log-probabilities are the same to the bit whatever else runs; costs the time of
 *     full batches
 * @param threads of each engine
 */
public record RuntimeSettings(
    long memoryBytes,
    Device device,
    long deviceMemoryBytes,
    int spinMicros,
    boolean fixedShape,
    ThreadSettings threads) {

  private static final RuntimeSettings DEFAULTS =
      new RuntimeSettings(0, Device.CPU, 0, 0, false, ThreadSettings.auto());

  public RuntimeSettings {
    requireNonNull(device, "device");
    requireNonNull(threads, "threads");
    if (memoryBytes < 0 || deviceMemoryBytes < 0 || spinMicros < 0) {
      throw new IllegalArgumentException(
          "memoryBytes: %d, deviceMemoryBytes: %d, spinMicros: %d (expected: each >= 0) in runtime settings"
              .formatted(memoryBytes, deviceMemoryBytes, spinMicros));
    }
  }

  /** The processor, all of its memory, without spinning. */
  public static RuntimeSettings defaults() {
    return DEFAULTS;
  }

  /** The same in a process with this number of components that run models. */
  public RuntimeSettings sharedBy(int components) {
    return new RuntimeSettings(
        memoryBytes,
        device,
        deviceMemoryBytes,
        spinMicros,
        fixedShape,
        threads.sharedBy(components));
  }

  /** The same with this number of threads of each engine. */
  public RuntimeSettings withThreads(int number) {
    return new RuntimeSettings(
        memoryBytes,
        device,
        deviceMemoryBytes,
        spinMicros,
        fixedShape,
        new ThreadSettings(number, threads.sharers()));
  }

  /** The threads of an engine for a model of this shape. */
  ThreadSettings.Choice threads(DecoderConfig shape) {
    return device.kind() == Device.Kind.CUDA
        ? new ThreadSettings.Choice(1, "the card computes")
        : threads.choose(shape);
  }

  RuntimeSettings withDevice(Device other) {
    return new RuntimeSettings(
        memoryBytes, other, deviceMemoryBytes, spinMicros, fixedShape, threads);
  }

  RuntimeSettings withSpinMicros(int micros) {
    return new RuntimeSettings(memoryBytes, device, deviceMemoryBytes, micros, fixedShape, threads);
  }

  RuntimeSettings withFixedShape(boolean fixed) {
    return new RuntimeSettings(memoryBytes, device, deviceMemoryBytes, spinMicros, fixed, threads);
  }
}
