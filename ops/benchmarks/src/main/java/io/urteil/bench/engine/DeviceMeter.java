package io.urteil.bench.engine;

import io.urteil.engine.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Reads name and memory use of a card from {@code nvidia-smi}, or of the processor from Linux. */
final class DeviceMeter {

  private final Device device;

  DeviceMeter(Device device) {
    this.device = device;
  }

  /** Name, driver version and memory of the card, or the processor architecture. */
  String hardware() throws IOException {
    return device.kind() == Device.Kind.CUDA
        ? query("name,driver_version,memory.total")
        : System.getProperty("os.arch") + " processor";
  }

  /** Memory in use in MiB: on the card by all processes, or resident of this process. */
  double usedMib() throws IOException {
    if (device.kind() == Device.Kind.CUDA) {
      return Double.parseDouble(query("memory.used"));
    }
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow(() -> new IOException("/proc/self/status: no VmRSS (expected: Linux)"));
  }

  private String query(String fields) throws IOException {
    Process process =
        new ProcessBuilder(
                "nvidia-smi",
                "--id=" + device.index(),
                "--query-gpu=" + fields,
                "--format=csv,noheader,nounits")
            .redirectErrorStream(true)
            .start();
    try {
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IOException(
            String.format(
                Locale.ROOT,
                "nvidia-smi failed with exit status %d: %s",
                process.exitValue(),
                output));
      }
      return output;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for nvidia-smi", e);
    }
  }
}
