package io.urteil.bench.cli;

import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files of a model for llama.cpp, beside the option that names its program. */
final class GgufOptions {

  @Option(
      names = "--gguf",
      paramLabel = "FILE",
      description = "The model for llama.cpp, converted with ops/python/safetensors_to_gguf.py.")
  private @Nullable Path model;

  @Option(
      names = "--gguf-q8",
      paramLabel = "FILE",
      description = "The model in Q8_0 (--type q8_0), in addition to --gguf, to compare int8.")
  private @Nullable Path eightBits;

  /**
   * The model for a program; empty without both.
   *
   * @param option the option that names the program
   * @throws IllegalArgumentException if one of program and model is missing
   */
  Optional<Path> model(String option, @Nullable Path program) {
    if ((program == null) != (model == null)) {
      throw new IllegalArgumentException(
          "%s and --gguf: one is missing (expected: both or neither)".formatted(option));
    }
    if (eightBits != null && model == null) {
      throw new IllegalArgumentException(
          "--gguf-q8: %s (expected: together with --gguf)".formatted(eightBits));
    }
    return Optional.ofNullable(model).map(Path::toAbsolutePath);
  }

  /** The model in Q8_0; empty without one. */
  Optional<Path> eightBits() {
    return Optional.ofNullable(eightBits).map(Path::toAbsolutePath);
  }
}
