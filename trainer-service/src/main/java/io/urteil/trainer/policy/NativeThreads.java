package io.urteil.trainer.policy;

import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas_nolapack;
import org.bytedeco.pytorch.global.torch;

/**
 * Number of threads of the native libraries. libtorch and its OpenBLAS each have a separate pool;
 * on shared cores a pool larger than configured costs a factor of four, since its barriers spin.
 */
final class NativeThreads {

  private NativeThreads() {}

  /** Sets both pools, for work of the calling thread. */
  static void limit(int threads) {
    Loader.load(openblas_nolapack.class);
    org.bytedeco.openblas.presets.openblas_nolapack.blas_set_num_threads(threads);
    torch.set_num_threads(threads);
  }
}
