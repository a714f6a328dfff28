package io.urteil.engine.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class BlockQuantisationTest {

  @Property
  void shouldKeepEachNumberWithinHalfAStep(@ForAll @Size(min = 1, max = 100) float[] raw) {
    // Given
    float[] row = bounded(raw);
    int blocks = BlockQuantisation.blocks(row.length);
    byte[] bytes = new byte[blocks * BlockQuantisation.BLOCK];
    float[] scales = new float[blocks];

    // When
    BlockQuantisation.quantise(row, bytes, scales);

    // Then
    for (int i = 0; i < bytes.length; i++) {
      float scale = scales[i / BlockQuantisation.BLOCK];
      float wanted = i < row.length ? row[i] : 0;
      assertThat(BlockQuantisation.value(bytes[i], scale))
          .isCloseTo(wanted, within(scale * 0.5001f));
      assertThat(bytes[i] & 0xff).isBetween(1, 255);
    }
  }

  @Example
  void shouldRoundAsGgmlDoes() throws IOException {
    // Given
    JsonNode golden =
        new ObjectMapper().readTree(Path.of("src/test/resources/golden/q8_0.json").toFile());

    for (JsonNode block : golden.path("blocks")) {
      float[] row = new float[BlockQuantisation.BLOCK];
      for (int i = 0; i < row.length; i++) {
        row[i] = (float) block.path("values").path(i).asDouble();
      }
      byte[] bytes = new byte[row.length];
      float[] scales = new float[1];

      // When
      BlockQuantisation.quantise(row, bytes, scales);

      // Then: the scale there is in half precision
      double scale = block.path("scale").asDouble();
      assertThat((double) scales[0]).isCloseTo(scale, within(Math.abs(scale) * 1e-3 + 1e-7));
      for (int i = 0; i < row.length; i++) {
        assertThat((bytes[i] & 0xff) - BlockQuantisation.ZERO)
            .isEqualTo(block.path("integers").path(i).asInt());
      }
    }
  }

  @Example
  void shouldSpoilTheScaleOfABlockWithoutANumber() {
    // Given
    float[] row = new float[64];
    row[40] = Float.NaN;
    float[] scales = new float[2];

    // When
    BlockQuantisation.quantise(row, new byte[64], scales);

    // Then
    assertThat(scales).containsExactly(0, Float.NaN);
  }

  private static float[] bounded(float[] raw) {
    float[] values = new float[raw.length];
    for (int i = 0; i < raw.length; i++) {
      values[i] = (float) Math.tanh(raw[i] / 1e3);
    }
    return values;
  }
}
