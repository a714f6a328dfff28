package io.urteil.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class PackedTest {

  @Property
  void shouldGiveBackIntsAndLeaveThePosition(@ForAll int[] values) {
    ByteBuffer packed = Packed.ints(values);

    assertThat(Packed.toInts(packed)).containsExactly(values);
    assertThat(packed.remaining()).isEqualTo(4 * values.length);
  }

  @Property
  void shouldGiveBackFloats(@ForAll float[] values) {
    assertThat(Packed.toFloats(Packed.floats(values))).containsExactly(values);
  }

  @Property
  void shouldGiveBackMasks(@ForAll boolean[] values) {
    assertThat(Packed.toMask(Packed.mask(values))).containsExactly(values);
  }

  @Test
  void shouldBeLittleEndian() {
    assertThat(Packed.ints(new int[] {1}).array()).containsExactly(1, 0, 0, 0);
  }

  @Test
  void shouldRefuseHalfAValue() {
    assertThatThrownBy(() -> Packed.toInts(ByteBuffer.allocate(6)))
        .hasMessage("packed values: 6 bytes (expected: a multiple of 4)");
  }
}
