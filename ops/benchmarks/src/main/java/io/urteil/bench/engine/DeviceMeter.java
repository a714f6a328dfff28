package io.urteil.bench.engine;

import io.urteil.engine.Device;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** What a card's driver says of it, by {@code nvidia-smi}; of the processor, what Linux says. */
final class DeviceMeter {

  private final Device device;

  DeviceMeter(Device device) {
    this.device = device;
  }

  /** Name of the card and version of its driver, or the processor's architecture. */
  String hardware() throws IOException {
    return device.kind() == Device.Kind.CUDA
        ? ask("name,driver_version,memory.total")
        : System.getProperty("os.arch") + " processor";
  }

  /** Memory in use: of the whole card, or resident of this process. */
  double usedMib() throws IOException {
    if (device.kind() == Device.Kind.CUDA) {
      return Double.parseDouble(ask("memory.used"));
    }
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmRSS:"))
        .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElseThrow(() -> new IOException("/proc/self/status: no VmRSS (expected: Linux)"));
  }

  private String ask(String query) throws IOException {
    Process process =
        new ProcessBuilder(
                "nvidia-smi",
                "--id=" + device.index(),
                "--query-gpu=" + query,
                "--format=csv,noheader,nounits")
            .redirectErrorStream(true)
            .start();
    try {
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IOException(
            String.format(Locale.ROOT, "nvidia-smi ended with %d: %s", process.exitValue(), said));
      }
      return said;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while nvidia-smi ran", e);
    }
  }
}
