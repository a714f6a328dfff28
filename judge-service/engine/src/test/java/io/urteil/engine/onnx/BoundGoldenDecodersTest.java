package io.urteil.engine.onnx;

import io.urteil.engine.Device;
import io.urteil.engine.Device.Kind;
import io.urteil.engine.Device.Numbers;
import io.urteil.engine.EngineSettings;

/** The same by the steps of graphics cards, with the processor as their device. */
class BoundGoldenDecodersTest extends GoldenDecodersTest {

  @Override
  EngineSettings settings() {
    return super.settings().withDevice(new Device(Kind.BOUND_CPU, 0, Numbers.F32));
  }
}
