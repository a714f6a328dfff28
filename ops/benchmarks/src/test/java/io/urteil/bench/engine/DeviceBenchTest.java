package io.urteil.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.bench.engine.DeviceReport.Check;
import io.urteil.bench.engine.DeviceReport.Outcome;
import io.urteil.engine.Device;
import io.urteil.engine.UnusableDeviceException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceBenchTest {

  @TempDir private Path home;

  @Test
  void shouldFindTheProcessorInACardsPlaceToAnswerAsTheProcessorDoes() throws Exception {
    // Given
    DeviceBench bench = bench(Device.parse("cpu:bound", "auto"));

    // When
    DeviceReport report = bench.run(line -> {});

    // Then
    assertThat(report.checks())
        .filteredOn(check -> check.outcome() == Outcome.FAILED && !check.name().equals("reloads"))
        .isEmpty();
    assertThat(report.count(Outcome.SKIPPED)).isEqualTo(3);
    assertThat(report.checks())
        .extracting(Check::name)
        .contains("same samples as the processor", "same samples in any batch", "reloads");
    assertThat(report.checks().get(1).figures()).containsEntry("sameShare", 1.0);
    assertThat(report.markdown())
        .contains("# Device cpu:bound", "| same samples as the processor | passed | gapLargest");
  }

  @Test
  void shouldSayWhatIsMissingWhenTheDeviceCannotBeUsed() throws Exception {
    // Given
    DeviceBench bench = bench(Device.parse("cuda", "auto"));

    // When / Then
    assertThatThrownBy(() -> bench.run(line -> {}))
        .isInstanceOf(UnusableDeviceException.class)
        .hasMessageContaining("urteil.engine.device: cuda:0");
  }

  private DeviceBench bench(Device device) throws Exception {
    return new DeviceBench(new DeviceBench.Settings(device, null, home, true));
  }
}
