package io.urteil.model.safetensors;

import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * A safetensors file, mapped into memory: eight bytes of header length, a JSON header, the tensors.
 *
 * <p>The mapping is read-only and exists as long as this object or a slice of it is reachable. The
 * file must not change meanwhile: published weights are immutable. Thread-safe.
 */
public final class Safetensors {

  private static final ValueLayout.OfFloat FLOAT =
      ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path file;
  private final MemorySegment bytes;
  private final SafetensorsHeader header;

  private Safetensors(Path file, MemorySegment bytes, SafetensorsHeader header) {
    this.file = file;
    this.bytes = bytes;
    this.header = header;
  }

  /**
   * @throws UnusableModelException if the header or a length is damaged; lists all problems
   * @throws IOException if the file is unreadable
   */
  public static Safetensors open(Path file) throws IOException {
    List<String> problems = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      MemorySegment bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      SafetensorsHeader header = header(bytes, problems);
      if (!problems.isEmpty()) {
        throw new UnusableModelException(file, problems);
      }
      return new Safetensors(file, bytes, header);
    }
  }

  /**
   * Writes the tensors in the order of the map and forces them to the disk. The same input produces
   * the same bytes. An existing file is overwritten in place: use a new name if the old file may be
   * mapped.
   */
  public static void write(
      Path file, SequencedMap<String, TensorData> tensors, Map<String, String> metadata)
      throws IOException {
    byte[] header = SafetensorsHeader.format(tensors, metadata);
    ByteBuffer length =
        ByteBuffer.allocate(SafetensorsHeader.PREFIX_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    length.putLong(header.length).flip();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      writeAll(channel, length);
      writeAll(channel, ByteBuffer.wrap(header));
      for (TensorData tensor : tensors.values()) {
        writeAll(channel, tensor.bytes().duplicate());
      }
      channel.force(true);
    }
  }

  public Path file() {
    return file;
  }

  /** The tensors in the order of the header. */
  public SequencedMap<String, TensorEntry> entries() {
    return header.entries();
  }

  /**
   * The position of a tensor.
   *
   * @throws IllegalArgumentException if there is no such tensor
   */
  public TensorEntry entry(String name) {
    TensorEntry entry = header.entries().get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "%s: no such tensor among the %d of %s".formatted(name, entries().size(), file));
    }
    return entry;
  }

  /** The writer's free metadata. */
  public SequencedMap<String, String> metadata() {
    return header.metadata();
  }

  /**
   * The tensor's elements as 32-bit floats, row-major, copied.
   *
   * @throws IllegalArgumentException if there is no such tensor, or it is not F32, F16 or BF16
   */
  public float[] floats(String name) {
    TensorEntry entry = entry(name);
    float[] values = new float[Math.toIntExact(entry.length() / entry.dataType().bytes())];
    read(name, 0, values);
    return values;
  }

  /**
   * Fills {@code values} with elements as 32-bit floats, from the tensor's element {@code first}
   * on, in row-major order. The tensor may have any size.
   *
   * @throws IllegalArgumentException if there is no such tensor, or it is not F32, F16 or BF16
   * @throws IndexOutOfBoundsException if it has fewer elements
   */
  public void read(String name, long first, float[] values) {
    TensorEntry entry = entry(name);
    int width = entry.dataType().bytes();
    Objects.checkFromIndexSize(first, values.length, entry.length() / width);
    MemorySegment elements =
        bytes.asSlice(entry.offset() + first * width, (long) values.length * width);
    switch (entry.dataType()) {
      case F32 -> MemorySegment.copy(elements, FLOAT, 0, values, 0, values.length);
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.float16ToFloat(elements.get(SHORT, 2L * i));
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(elements.get(SHORT, 2L * i) << 16);
        }
      }
      default ->
          throw new IllegalArgumentException(
              "%s: %s (expected: F32, F16 or BF16) in %s".formatted(name, entry.dataType(), file));
    }
  }

  /**
   * The tensor's bytes in the mapped file, little-endian and read-only.
   *
   * @throws IllegalArgumentException if there is no such tensor, or it has 2 GiB or more
   */
  public ByteBuffer slice(String name) {
    TensorEntry entry = entry(name);
    if (entry.length() > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "%s: %d bytes (expected: < 2 GiB to be read as one buffer) in %s"
              .formatted(name, entry.length(), file));
    }
    return bytes
        .asSlice(entry.offset(), entry.length())
        .asByteBuffer()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** All tensors in file order, for writing them again. */
  public SequencedMap<String, TensorData> tensors() {
    SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
    entries()
        .forEach(
            (name, entry) ->
                tensors.put(name, new TensorData(entry.dataType(), entry.shape(), slice(name))));
    return Collections.unmodifiableSequencedMap(tensors);
  }

  private static SafetensorsHeader header(MemorySegment bytes, List<String> problems) {
    long size = bytes.byteSize();
    SafetensorsHeader none = new SafetensorsHeader(new LinkedHashMap<>(), new LinkedHashMap<>());
    if (size < SafetensorsHeader.PREFIX_BYTES) {
      problems.add("file: %d bytes (expected: at least 8, the header's length)".formatted(size));
      return none;
    }
    long length = bytes.get(ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0);
    if (length < 2 || length > SafetensorsHeader.MAXIMUM_BYTES || length > size - 8) {
      problems.add(
          "header length: %d (expected: 2 to %d) at byte 0"
              .formatted(length, Math.min(SafetensorsHeader.MAXIMUM_BYTES, size - 8)));
      return none;
    }
    byte[] json = bytes.asSlice(8, length).toArray(ValueLayout.JAVA_BYTE);
    return SafetensorsHeader.parse(json, 8 + length, size, problems);
  }

  private static void writeAll(FileChannel channel, ByteBuffer source) throws IOException {
    while (source.hasRemaining()) {
      channel.write(source);
    }
  }
}
