package io.urteil.engine;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtProvider;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The device of the runtime and its number format.
 *
 * @param index of the graphics card; 0 for the others
 * @param numbers format of weights and activations; logits are always single precision
 * @param cacheNumbers format of keys and values; on a card that of {@code numbers}
 */
public record Device(Kind kind, int index, Numbers numbers, Numbers cacheNumbers) {

  /** The kind of device. */
  public enum Kind {
    /** The processor, through the runtime's own Java interface. */
    CPU,
    /**
     * The processor, simulating a device with separate memory: it makes every call that a graphics
     * card needs. Slower than {@link #CPU}; for testing these calls.
     */
    BOUND_CPU,
    /** An NVIDIA graphics card. */
    CUDA
  }

  /** A number format. */
  public enum Numbers {
    /** Single precision. */
    F32,
    /** Half precision. */
    F16,
    /** Brain floating point: the range of single precision, and 8 bits of it. */
    BF16,
    /** The format of the embedding in the files; half precision if that is single precision. */
    STORED
  }

  public static final Device CPU = new Device(Kind.CPU, 0, Numbers.F32);

  /** The name of the setting of {@link #cacheNumbers}. */
  public static final String CACHE_NUMBERS = "urteil.engine.cache-numbers";

  private static final Pattern FORM = Pattern.compile("cpu|cpu:bound|cuda(?::(\\d{1,3}))?");
  private static final String EXPECTED = "cpu, cuda, or cuda:N for card N";

  /** With keys and values in the same format. */
  public Device(Kind kind, int index, Numbers numbers) {
    this(kind, index, numbers, numbers);
  }

  /**
   * A device by its name.
   *
   * @param name {@code cpu}, {@code cuda} or {@code cuda:N}
   * @param numbers {@code f16}, {@code bf16}, {@code stored}, or {@code auto} for the default of
   *     the device
   * @param cacheNumbers format of keys and values: on the processor {@code f16} too, else {@code
   *     auto}
   * @throws IllegalArgumentException with the expected values
   */
  public static Device parse(String name, String numbers, String cacheNumbers) {
    Device device = parse(name, numbers);
    return switch (cacheNumbers) {
      case "auto" -> device;
      case "f32" -> device.withCacheNumbers(Numbers.F32, cacheNumbers);
      case "f16" -> device.withCacheNumbers(Numbers.F16, cacheNumbers);
      default -> throw unexpectedCache(cacheNumbers, "auto, f32 or f16");
    };
  }

  /** The same in the default formats of the device for keys and values. */
  public static Device parse(String name, String numbers) {
    Matcher form = FORM.matcher(name);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "urteil.engine.device: '%s' (expected: %s)".formatted(name, EXPECTED));
    }
    Kind kind =
        switch (name) {
          case "cpu" -> Kind.CPU;
          case "cpu:bound" -> Kind.BOUND_CPU;
          default -> Kind.CUDA;
        };
    int index = form.group(1) == null ? 0 : Integer.parseInt(form.group(1));
    return new Device(kind, index, numbers(kind, numbers));
  }

  private static Numbers numbers(Kind kind, String name) {
    if (kind == Kind.CUDA) {
      // The runtime's attention on a card supports only 16-bit formats.
      return switch (name) {
        case "auto", "stored" -> Numbers.STORED;
        case "f16" -> Numbers.F16;
        case "bf16" -> Numbers.BF16;
        default -> throw unexpected(name, "auto, stored, f16 or bf16 on cuda");
      };
    }
    return switch (name) {
      case "auto", "f32" -> Numbers.F32;
      default -> throw unexpected(name, "auto or f32 on the processor");
    };
  }

  private Device withCacheNumbers(Numbers other, String name) {
    if (isBound() && other != numbers) {
      throw unexpectedCache(name, "auto on device " + this);
    }
    return new Device(kind, index, numbers, other);
  }

  private static IllegalArgumentException unexpectedCache(String name, String expected) {
    return new IllegalArgumentException(
        "%s: '%s' (expected: %s)".formatted(CACHE_NUMBERS, name, expected));
  }

  private static IllegalArgumentException unexpected(String name, String expected) {
    return new IllegalArgumentException(
        "urteil.engine.device-numbers: '%s' (expected: %s)".formatted(name, expected));
  }

  /** Bytes of a weight. */
  public int bytes() {
    return bytes(numbers);
  }

  /** Bytes of a number in a key or value. */
  public int cacheBytes() {
    return bytes(cacheNumbers);
  }

  private static int bytes(Numbers format) {
    return format == Numbers.F32 ? Float.BYTES : Short.BYTES;
  }

  /** Whether steps run through bindings, with keys and values in the device's memory. */
  public boolean isBound() {
    return kind != Kind.CPU;
  }

  /**
   * Rejects a device that this build does not support.
   *
   * @throws EngineException with the required action
   */
  public void requireProvider() {
    if (kind == Kind.CUDA && !OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      throw new EngineException(
          ("urteil.engine.device: %s, but this build has no CUDA provider (expected: cpu, or a"
                  + " build with -Pcuda)")
              .formatted(this));
    }
  }

  @Override
  public String toString() {
    return switch (kind) {
      case CPU -> "cpu";
      case BOUND_CPU -> "cpu:bound";
      case CUDA -> "cuda:" + index;
    };
  }
}
