package io.urteil.engine.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class PagedMemoryTest {

  private static final long GIB = 1L << 30;
  private static final int PAGE = PagedMemory.PAGE_BYTES;

  @Test
  void shouldTakeMemoryOnlyWhereItIsWritten() {
    // Given
    assumeThat(ResidentPages.areListed()).as("/proc/self/smaps with flags").isTrue();
    try (PagedMemory memory = PagedMemory.reserve(8 * GIB)) {
      long reserved = ResidentPages.bytes(8 * GIB);

      // When
      for (int page = 0; page < 100; page++) {
        memory.segment().set(ValueLayout.JAVA_BYTE, page * (GIB / 16), (byte) 7);
      }
      long written = ResidentPages.bytes(8 * GIB);
      memory.discard(0, 50 * (GIB / 16));
      long discarded = ResidentPages.bytes(8 * GIB);

      // Then
      assertThat(reserved).isZero();
      assertThat(written).isEqualTo(100L * PAGE);
      assertThat(discarded).isEqualTo(50L * PAGE);
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 0)).isZero();
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 50 * (GIB / 16))).isEqualTo((byte) 7);
    }
    assertThat(ResidentPages.bytes(8 * GIB)).isZero();
  }

  @Test
  void shouldKeepThePagesThatARangeCoversInPart() {
    try (PagedMemory memory = PagedMemory.reserve(4L * PAGE)) {
      // Given
      memory.segment().fill((byte) 7);

      // When
      memory.discard(1, 3L * PAGE - 1);

      // Then
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 0)).isEqualTo((byte) 7);
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, PAGE - 1)).isEqualTo((byte) 7);
      assertThat(memory.segment().get(ValueLayout.JAVA_BYTE, 2L * PAGE)).isEqualTo((byte) 7);
      assertThat(memory.segment().address() % PAGE).isZero();
    }
  }
}
