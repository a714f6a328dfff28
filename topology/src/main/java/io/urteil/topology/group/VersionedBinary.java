package io.urteil.topology.group;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Consecutive values in a byte array that starts with the version of its layout. */
final class VersionedBinary {

  interface Writer<T> {
    void write(DataOutput out, T value) throws IOException;
  }

  interface Reader<T> {
    T read(DataInput in) throws IOException;
  }

  interface VersionedReader<T> {
    T read(DataInput in, byte version) throws IOException;
  }

  interface Body {
    void write(DataOutput out) throws IOException;
  }

  private VersionedBinary() {}

  static byte[] write(byte version, Body body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(version);
      body.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot encode state", e);
    }
    return bytes.toByteArray();
  }

  /**
   * @param newest the layout's newest version; earlier ones, from 1, are read too
   */
  static <T> T read(byte[] bytes, byte newest, VersionedReader<T> body) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte found = in.readByte();
      if (found < 1 || found > newest) {
        throw new IllegalStateException(
            "state layout: %d (expected: 1 to %d); was it written by a later version?"
                .formatted(found, newest));
      }
      return body.read(in, found);
    } catch (IOException e) {
      throw new UncheckedIOException("damaged state of " + bytes.length + " bytes", e);
    }
  }

  static <T> void writeNullable(DataOutput out, @Nullable T value, Writer<T> writer)
      throws IOException {
    out.writeBoolean(value != null);
    if (value != null) {
      writer.write(out, value);
    }
  }

  static <T> @Nullable T readNullable(DataInput in, Reader<T> reader) throws IOException {
    return in.readBoolean() ? reader.read(in) : null;
  }

  static <T> void writeList(DataOutput out, Collection<T> values, Writer<T> writer)
      throws IOException {
    out.writeInt(values.size());
    for (T value : values) {
      writer.write(out, value);
    }
  }

  static <T> List<T> readList(DataInput in, Reader<T> reader) throws IOException {
    int size = in.readInt();
    List<T> values = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      values.add(reader.read(in));
    }
    return values;
  }

  /** External texts may exceed the 64 KB limit of writeUTF. */
  static void writeText(DataOutput out, String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readText(DataInput in) throws IOException {
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static void writeMap(DataOutput out, Map<String, String> map) throws IOException {
    out.writeInt(map.size());
    for (Map.Entry<String, String> entry : map.entrySet()) {
      writeText(out, entry.getKey());
      writeText(out, entry.getValue());
    }
  }

  static Map<String, String> readMap(DataInput in) throws IOException {
    int size = in.readInt();
    Map<String, String> map = HashMap.newHashMap(size);
    for (int i = 0; i < size; i++) {
      map.put(readText(in), readText(in));
    }
    return map;
  }
}
