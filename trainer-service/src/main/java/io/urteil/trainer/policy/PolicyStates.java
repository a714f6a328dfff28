package io.urteil.trainer.policy;

import io.urteil.model.safetensors.DataType;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorData;
import io.urteil.trainer.policy.AdamW.Moments;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.function.Function;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Converts weights and optimiser state to tensors of a file, and back. */
final class PolicyStates {

  private static final String FIRST = ".exp_avg";
  private static final String SECOND = ".exp_avg_sq";
  private static final String STEP = ".step";

  private PolicyStates() {}

  static <T> T read(Parameters parameters, AdamW optimiser, Function<PolicyState, T> action) {
    try (PointerScope scope = new PointerScope()) {
      SequencedMap<String, TensorData> weights = new LinkedHashMap<>();
      SequencedMap<String, TensorData> state = new LinkedHashMap<>();
      parameters.forEach(
          (name, weight) -> {
            Moments moments = optimiser.moments(name);
            weights.put(name, view(weight));
            state.put(name + FIRST, view(moments.first()));
            state.put(name + SECOND, view(moments.second()));
            state.put(
                name + STEP, TensorData.longs(new long[0], new long[] {optimiser.stepCount()}));
          });
      return action.apply(new PolicyState(weights, state));
    }
  }

  static void restore(Safetensors file, Parameters parameters, AdamW optimiser) {
    parameters.forEach(
        (name, weight) -> {
          Moments moments = optimiser.moments(name);
          copy(file, name + FIRST, moments.first());
          copy(file, name + SECOND, moments.second());
          optimiser.restoreStepCount(file.slice(name + STEP).getLong(0));
        });
  }

  private static void copy(Safetensors file, String name, Tensor target) {
    float[] values = file.floats(name);
    if (values.length != target.numel()) {
      throw new IllegalArgumentException(
          "%s: %d values (expected: %d, shape %s) in %s"
              .formatted(
                  name,
                  values.length,
                  target.numel(),
                  Arrays.toString(target.shape()),
                  file.file()));
    }
    try (PointerScope scope = new PointerScope();
        NoGradGuard noGradient = new NoGradGuard()) {
      target.copy_(Tensor.create(values, target.shape()));
    }
  }

  /** Parameters and moments are contiguous 32-bit floats, so their memory is the file's. */
  private static TensorData view(Tensor tensor) {
    BytePointer pointer = new BytePointer(tensor.data_ptr());
    pointer.capacity(tensor.nbytes());
    ByteBuffer bytes = pointer.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    return new TensorData(DataType.F32, tensor.shape(), bytes);
  }
}
