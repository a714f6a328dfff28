package io.urteil.engine.onnx;

import io.urteil.engine.Device;
import io.urteil.engine.EngineSettings;

/** The same with keys and values in half precision. */
class HalfCacheGoldenDecodersTest extends GoldenDecodersTest {

  @Override
  EngineSettings settings() {
    return super.settings().withDevice(Device.parse("cpu", "auto", "f16"));
  }

  @Override
  double tolerance() {
    return 2e-3;
  }
}
