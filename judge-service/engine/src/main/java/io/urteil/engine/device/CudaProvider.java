package io.urteil.engine.device;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import io.urteil.engine.Device;
import io.urteil.engine.EngineException;

/** The runtime's provider for NVIDIA graphics cards, with the options of sessions. */
public final class CudaProvider {

  private CudaProvider() {}

  /**
   * Makes a session run only on a card: an operator without a kernel for the card is an error when
   * the session is opened, and never falls back to the processor.
   *
   * @param memory memory limit of sessions on the card in bytes; 0 for all of its memory
   * @throws EngineException if the driver or a library of the provider is missing
   */
  public static void addTo(SessionOptions options, Device device, long memory) throws OrtException {
    options.addConfigEntry("session.disable_cpu_ep_fallback", "1");
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(device.index())) {
      // Memory of a closed version is then available to the next one.
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      if (memory > 0) {
        cuda.add("gpu_mem_limit", Long.toString(memory));
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
