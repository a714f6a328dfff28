package io.urteil.engine.device;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.urteil.engine.Device;
import io.urteil.engine.EngineException;

/** The runtime's provider for graphics cards by NVIDIA, as sessions are opened with it. */
public final class CudaProvider {

  /** Bytes of a card that sessions may take; 0 for all there are. */
  public static final long MEMORY = Long.getLong("urteil.engine.device-memory-mib", 0) << 20;

  private CudaProvider() {}

  /**
   * Makes a session run on a card, and on nothing else: an operator that the card has no kernel for
   * is an error when the session is opened, and never run on the processor in silence.
   *
   * @throws EngineException when the driver or a library that the provider needs is not there
   */
  public static void addTo(SessionOptions options, Device device) throws OrtException {
    options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index())) {
      // Memory of a version that was closed can then go to the next one.
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      if (MEMORY > 0) {
        cuda.add("gpu_mem_limit", Long.toString(MEMORY));
      }
      options.addCUDA(cuda);
    } catch (OrtException e) {
      throw new EngineException(
          ("urteil.engine.device: %s cannot be used (expected: an NVIDIA driver, and CUDA 12 and"
                  + " cuDNN 9 on the library path)")
              .formatted(device),
          e);
    }
  }
}
