package io.urteil.trainer.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019, algorithm 2): {@code w -= rate
 * (decay w + mHat / (sqrt(vHat) + epsilon))}. Its state is stored by parameter name, for
 * checkpoints.
 */
final class AdamW implements AutoCloseable {

  private final Parameters parameters;
  private final OptimiserSettings settings;
  private final Map<String, Moments> moments = new LinkedHashMap<>();
  private long step;

  AdamW(Parameters parameters, OptimiserSettings settings) {
    this.parameters = parameters;
    this.settings = settings;
    try (PointerScope scope = new PointerScope()) {
      parameters.forEach(
          (name, weight) ->
              moments.put(
                  name,
                  new Moments(
                      Tensors.keep(torch.zeros_like(weight)),
                      Tensors.keep(torch.zeros_like(weight)))));
    }
  }

  /** Updates every parameter by its gradient. */
  void step(double learningRate) {
    step++;
    double firstCorrection = 1 - Math.pow(settings.beta1(), step);
    double secondCorrection = Math.sqrt(1 - Math.pow(settings.beta2(), step));
    parameters.forEach(
        (name, weight) -> {
          try (PointerScope scope = new PointerScope();
              NoGradGuard noGradient = new NoGradGuard()) {
            Moments moment = moments(name);
            Tensor gradient = weight.grad();
            weight.mul_(new Scalar(1 - learningRate * settings.weightDecay()));
            moment.first().lerp_(gradient, new Scalar(1 - settings.beta1()));
            moment
                .second()
                .mul_(new Scalar(settings.beta2()))
                .addcmul_(gradient, gradient, new Scalar(1 - settings.beta2()));
            Tensor denominator =
                moment
                    .second()
                    .sqrt()
                    .div_(new Scalar(secondCorrection))
                    .add_(new Scalar(settings.epsilon()));
            weight.addcdiv_(
                moment.first(), denominator, new Scalar(-learningRate / firstCorrection));
          }
        });
  }

  long stepCount() {
    return step;
  }

  void restoreStepCount(long count) {
    step = count;
  }

  /**
   * State of one parameter.
   *
   * @throws IllegalArgumentException for an unknown name
   */
  Moments moments(String name) {
    Moments found = moments.get(name);
    if (found == null) {
      throw new IllegalArgumentException(
          "optimiser state: '%s' (expected: one of the model's %d parameters)"
              .formatted(name, moments.size()));
    }
    return found;
  }

  @Override
  public void close() {
    moments.values().forEach(Moments::close);
  }

  /** Running means of the gradient and of its square (exp_avg and exp_avg_sq). */
  record Moments(Tensor first, Tensor second) {
    void close() {
      first.releaseReference();
      second.releaseReference();
    }
  }
}
