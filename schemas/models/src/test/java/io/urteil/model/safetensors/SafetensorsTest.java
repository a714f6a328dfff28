package io.urteil.model.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsTest {

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @Property(tries = 100)
  void shouldReadBackWhatItWrote(
      @ForAll @Size(max = 8)
          Map<@AlphaChars @StringLength(min = 1, max = 20) String, @Size(max = 30) float[]> values)
      throws IOException {
    // Given
    SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
    values.forEach(
        (name, floats) -> tensors.put(name, TensorData.floats(new long[] {floats.length}, floats)));
    Path file = Files.createTempFile("written", ".safetensors");

    // When
    Safetensors.write(file, tensors, Map.of("format", "pt"));
    Safetensors read = Safetensors.open(file);

    // Then
    assertThat(read.entries().keySet()).containsExactlyElementsOf(values.keySet());
    assertThat(read.metadata()).containsExactly(Map.entry("format", "pt"));
    values.forEach((name, floats) -> assertThat(read.floats(name)).containsExactly(floats));
    Files.delete(file);
  }

  @Test
  void shouldWriteTheSameBytesWhenGivenTheSameTensors() throws IOException {
    // Given
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");

    // When
    Safetensors.write(first, example(), Map.of("b", "2", "a", "1", "c", "3"));
    Safetensors.write(second, example(), Map.of("c", "3", "a", "1", "b", "2"));

    // Then
    assertThat(second).hasSameBinaryContentAs(first);
    long header =
        ByteBuffer.wrap(Files.readAllBytes(first)).order(ByteOrder.LITTLE_ENDIAN).getLong();
    assertThat(header % 8).isZero();
  }

  @Test
  void shouldSayWhereATensorLies() throws IOException {
    // Given
    Path file = write(example());

    // When
    Safetensors read = Safetensors.open(file);

    // Then
    TensorEntry entry = read.entry("steps");
    assertThat(entry.dataType()).isEqualTo(DataType.I64);
    assertThat(entry.shape()).containsExactly(2);
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(bytes.getLong((int) entry.offset() + 8)).isEqualTo(-5);
    assertThat(read.slice("steps").getLong(8)).isEqualTo(-5);
    assertThat(read.entry("matrix").shape()).containsExactly(2, 3);
    assertThat(read.tensors()).isEqualTo(example());
  }

  @Test
  void shouldWidenHalfPrecision() throws IOException {
    // Given
    float[] values = {0, -1.5f, 0.333251953125f, 65504, Float.NEGATIVE_INFINITY};
    ByteBuffer half = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer brain = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      half.putShort(Float.floatToFloat16(value));
      brain.putShort((short) (Float.floatToRawIntBits(value) >>> 16));
    }
    SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
    tensors.put("half", new TensorData(DataType.F16, new long[] {5}, half.flip()));
    tensors.put("brain", new TensorData(DataType.BF16, new long[] {5}, brain.flip()));

    // When
    Safetensors read = Safetensors.open(write(tensors));

    // Then
    assertThat(read.floats("half")).containsExactly(values);
    assertThat(read.floats("brain"))
        .containsExactly(0, -1.5f, 0.33203125f, 65280, Float.NEGATIVE_INFINITY);
  }

  @Test
  void shouldRefuseToReadIntegersAsFloats() throws IOException {
    // Given
    Safetensors read = Safetensors.open(write(example()));

    // Then
    assertThatThrownBy(() -> read.floats("steps"))
        .hasMessageContaining("steps: I64 (expected: F32, F16 or BF16)");
    assertThatThrownBy(() -> read.floats("nothing"))
        .hasMessageContaining("nothing: no such tensor among the 2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":{\"dtype\":\"F31\",\"shape\":[2],\"data_offsets\":[0,8]}} | a: dtype 'F31' (expected: one of",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":[0,8]}} | a: 8 bytes (expected: 12 for F32 [3])",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,9]}} | data_offsets [0, 9] (expected: ascending, within the 8 bytes of data)",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}} | data_offsets [8, 0] (expected: ascending",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}} | file: ",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}} | they overlap",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}} | there is a hole",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[-2],\"data_offsets\":[0,8]}} | a: shape [-2] (negative dimension -2)",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}} | a: shape [4294967296,4294967296] (long overflow)",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}} | shape 2, data_offsets [0,8] (expected: arrays of whole numbers",
        "{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]},\"a\":{}} | unreadable JSON",
        "[1,2] | header: ARRAY (expected: a JSON object)",
        "{\"a | unreadable JSON"
      })
  void shouldRefuseADamagedHeaderWithOneClearMessage(String header, String expected)
      throws IOException {
    // Given
    Path file = directory.resolve("damaged");
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(8 + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    Files.write(file, bytes.array());

    // Then
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 'file: 0 bytes (expected: at least 8'",
    "7, 'file: 7 bytes (expected: at least 8'",
    "20, 'header length:'",
    "-1, 'within the'"
  })
  void shouldRefuseATruncatedFile(int length, String expected) throws IOException {
    // Given
    Path file = write(example());
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, length < 0 ? whole.length + length : length));

    // Then
    assertThatThrownBy(() -> Safetensors.open(file))
        .isInstanceOf(UnusableModelException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void shouldRefuseDataThatDoesNotFitItsShape() {
    assertThatThrownBy(() -> TensorData.floats(new long[] {2, 2}, new float[3]))
        .hasMessage("bytes: 12 (expected: 16) in a tensor F32 [2, 2]");
  }

  private Path write(SequencedMap<String, TensorData> tensors) throws IOException {
    Path file = directory.resolve("model.safetensors");
    Safetensors.write(file, tensors, Map.of());
    return file;
  }

  private static SequencedMap<String, TensorData> example() {
    SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
    tensors.put("matrix", TensorData.floats(new long[] {2, 3}, new float[] {1, 2, 3, 4, 5, 6}));
    tensors.put("steps", TensorData.longs(new long[] {2}, new long[] {7, -5}));
    return tensors;
  }
}
