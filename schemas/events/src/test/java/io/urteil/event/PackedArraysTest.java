package io.urteil.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PackedArraysTest {

  @Property
  void shouldGiveBackIntsAndLeaveThePosition(@ForAll int[] values) {
    ByteBuffer packed = PackedArrays.ints(values);

    assertThat(PackedArrays.toInts(packed)).containsExactly(values);
    assertThat(packed.remaining()).isEqualTo(4 * values.length);
  }

  @Property
  void shouldGiveBackFloats(@ForAll float[] values) {
    assertThat(PackedArrays.toFloats(PackedArrays.floats(values))).containsExactly(values);
  }

  @Property
  void shouldGiveBackMasks(@ForAll boolean[] values) {
    assertThat(PackedArrays.toMask(PackedArrays.mask(values))).containsExactly(values);
  }

  @Test
  void shouldBeLittleEndian() {
    assertThat(PackedArrays.ints(new int[] {1}).array()).containsExactly(1, 0, 0, 0);
  }

  @Test
  void shouldRefuseHalfAValue() {
    assertThatThrownBy(() -> PackedArrays.toInts(ByteBuffer.allocate(6)))
        .hasMessage("packed values: 6 bytes (expected: a multiple of 4)");
  }
}
