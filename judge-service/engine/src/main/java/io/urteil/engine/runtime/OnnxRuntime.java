package io.urteil.engine.runtime;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import ai.onnxruntime.OrtEnvironment;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * The only place that starts ONNX Runtime. Its releases for Linux and macOS report usage to their
 * publisher when the environment is created, unless the environment variable {@link
 * #DISABLE_TELEMETRY} is set. The report includes a search through the command line of the process
 * whose recursion overflows the stack at a few thousand characters, which ends the process. So the
 * variable is set here, whatever command started the process.
 */
public final class OnnxRuntime {

  static final String DISABLE_TELEMETRY = "ORT_DISABLE_TELEMETRY";

  static {
    setVariable(DISABLE_TELEMETRY, "1");
  }

  private OnnxRuntime() {}

  /** The environment of this process. Thread-safe. */
  public static OrtEnvironment environment() {
    return OrtEnvironment.getEnvironment();
  }

  /** Sets a variable for native libraries; {@link System#getenv} does not show it. */
  private static void setVariable(String name, String value) {
    Linker linker = Linker.nativeLinker();
    // Absent on Windows, where the runtime reports through the system's own settings.
    Optional<MemorySegment> set = linker.defaultLookup().find("setenv");
    if (set.isEmpty()) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      int failed =
          (int)
              linker
                  .downcallHandle(
                      set.get(), FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS, JAVA_INT))
                  .invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 1);
      if (failed != 0) {
        throw new IllegalStateException("setenv failed for " + name);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("setenv failed for " + name, e);
    }
  }
}
