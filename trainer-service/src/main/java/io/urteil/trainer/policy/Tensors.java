package io.urteil.trainer.policy;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Conversions between tensors and Java arrays. */
final class Tensors {

  private Tensors() {}

  /** Detaches a tensor from its scope; its owner calls {@code releaseReference()}. */
  static Tensor keep(Tensor tensor) {
    tensor.retainReference();
    return tensor;
  }

  static double[] doubles(Tensor tensor) {
    double[] values = new double[Math.toIntExact(tensor.numel())];
    if (values.length > 0) {
      try (PointerScope scope = new PointerScope()) {
        Tensor contiguous = tensor.detach().to(ScalarType.Double).contiguous();
        contiguous.data_ptr_double().get(values);
      }
    }
    return values;
  }

  static float[] floats(Tensor tensor) {
    float[] values = new float[Math.toIntExact(tensor.numel())];
    if (values.length > 0) {
      try (PointerScope scope = new PointerScope()) {
        Tensor contiguous = tensor.detach().to(ScalarType.Float).contiguous();
        contiguous.data_ptr_float().get(values);
      }
    }
    return values;
  }
}
