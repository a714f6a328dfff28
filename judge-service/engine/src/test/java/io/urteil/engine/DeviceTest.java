package io.urteil.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.engine.Device.Kind;
import io.urteil.engine.Device.Numbers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {

  @Test
  void shouldReadTheNamesOfDevices() {
    // When / Then
    assertThat(Device.parse("cpu", "auto")).isEqualTo(Device.CPU);
    assertThat(Device.parse("cpu:bound", "auto"))
        .isEqualTo(new Device(Kind.BOUND_CPU, 0, Numbers.F32));
    assertThat(Device.parse("cuda", "auto")).isEqualTo(new Device(Kind.CUDA, 0, Numbers.STORED));
    assertThat(Device.parse("cuda:3", "bf16")).isEqualTo(new Device(Kind.CUDA, 3, Numbers.BF16));
    assertThat(Device.parse("cuda:3", "f16")).hasToString("cuda:3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "gpu", "CUDA", "cuda:", "cuda:x", "cuda:-1", "cuda:1000", "cpu:1"})
  void shouldSayWhichDevicesThereAre(String name) {
    // When / Then
    assertThatThrownBy(() -> Device.parse(name, "auto"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "urteil.engine.device: '" + name + "' (expected: cpu, cuda, or cuda:N for card N)");
  }

  @Test
  void shouldRefuseNumbersThatTheDeviceCannotHave() {
    // When / Then
    assertThatThrownBy(() -> Device.parse("cuda", "f32"))
        .hasMessage(
            "urteil.engine.device-numbers: 'f32' (expected: auto, stored, f16 or bf16 on cuda)");
    assertThatThrownBy(() -> Device.parse("cpu", "f16"))
        .hasMessage("urteil.engine.device-numbers: 'f16' (expected: auto or f32 on the processor)");
  }

  @Test
  void shouldHalveKeysAndValuesOnTheProcessorAlone() {
    // When
    Device half = Device.parse("cpu", "auto", "f16");

    // Then
    assertThat(half.bytes()).isEqualTo(4);
    assertThat(half.cacheBytes()).isEqualTo(2);
    assertThat(Device.parse("cpu", "auto", "auto")).isEqualTo(Device.CPU);
    assertThat(Device.parse("cpu", "auto", "f32")).isEqualTo(Device.CPU);
    assertThatThrownBy(() -> Device.parse("cuda", "auto", "f16"))
        .hasMessage("urteil.engine.cache-numbers: 'f16' (expected: auto on device cuda:0)");
    assertThatThrownBy(() -> Device.parse("cpu", "auto", "int4"))
        .hasMessage("urteil.engine.cache-numbers: 'int4' (expected: auto, f32 or f16)");
  }
}
