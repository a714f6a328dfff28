package io.urteil.sampler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Prompt;
import io.urteil.event.TestEvents;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class WaitingPromptsTest {

  private final WaitingPrompts waiting = new WaitingPrompts();

  private static PendingPrompt pending(long ordinal, int bytes) {
    Prompt prompt = TestEvents.prompt(ordinal).build();
    return PendingPrompt.waiting(
        prompt,
        new ConsumerRecord<>(
            "prompts",
            (int) (ordinal % 3),
            ordinal,
            0,
            TimestampType.LOG_APPEND_TIME,
            0,
            bytes,
            "",
            new byte[bytes],
            new RecordHeaders(),
            Optional.empty()));
  }

  private static List<Long> ordinals(Iterable<PendingPrompt> prompts) {
    List<Long> ordinals = new ArrayList<>();
    prompts.forEach(pending -> ordinals.add(pending.prompt().getOrdinal()));
    return ordinals;
  }

  @Test
  void shouldParkTheLastAndHoldOnlyItsPosition() {
    // Given
    waiting.add(pending(5, 100));
    waiting.add(pending(9, 7));

    // When
    assertThat(waiting.parkLast()).hasValueSatisfying(p -> assertThat(p.bytes()).isEqualTo(7));

    // Then
    assertThat(waiting.add(pending(7, 1))).as("before the parked one").isFalse();
    assertThat(waiting.add(pending(11, 1))).as("after it").isTrue();
    assertThat(ordinals(waiting.loaded())).containsExactly(5L, 7L);
    assertThat(waiting.loadedBytes()).isEqualTo(101);
    assertThat(waiting.size()).isEqualTo(4);
    assertThat(waiting.firstParked(9, 1_000))
        .extracting(PendingPrompt::record)
        .extracting(ConsumerRecord::value)
        .containsOnlyNulls();
  }

  @Test
  void shouldGiveAtLeastOneParkedPromptWhateverItsSize() {
    for (long ordinal = 0; ordinal < 4; ordinal++) {
      waiting.add(pending(ordinal, 100));
    }
    while (waiting.parkLast().isPresent()) {}
    assertThat(ordinals(waiting.firstParked(0, 0))).containsExactly(0L);
    assertThat(ordinals(waiting.firstParked(9, 250))).containsExactly(0L, 1L);
    assertThat(ordinals(waiting.firstParked(3, 1_000))).containsExactly(0L, 1L, 2L);
  }

  /** Whatever is added, parked and loaded in between, each prompt is taken once. */
  @Property(tries = 300)
  void shouldTakeEachPromptOnceAndNeverHoldMoreThanItMay(
      @ForAll long seed, @ForAll @IntRange(min = 1, max = 8) int most) {
    // Given
    Random random = new Random(seed);
    WaitingPrompts prompts = new WaitingPrompts();
    TreeSet<Long> expected = new TreeSet<>();
    List<Long> taken = new ArrayList<>();
    for (int step = 0; step < 200; step++) {
      // When
      switch (random.nextInt(3)) {
        case 0 -> {
          long ordinal = random.nextInt(500);
          if (expected.add(ordinal)) {
            prompts.add(pending(ordinal, random.nextInt(50)));
          }
        }
        case 1 -> {
          for (PendingPrompt parked : prompts.firstParked(1 + random.nextInt(3), 1_000)) {
            assertThat(prompts.load(parked)).isTrue();
          }
          prompts.parkLater();
        }
        default -> {
          for (PendingPrompt first : prompts.loaded()) {
            taken.add(first.prompt().getOrdinal());
            prompts.remove(first);
            break;
          }
        }
      }
      while (prompts.loadedCount() > most) {
        prompts.parkLast();
      }
      // Then
      List<PendingPrompt> parked = prompts.firstParked(1, 0);
      for (PendingPrompt held : prompts.loaded()) {
        assertThat(parked).allMatch(first -> PendingPrompt.ORDER.compare(held, first) < 0);
      }
    }
    while (prompts.size() > 0) {
      prompts.firstParked(1, 0).forEach(prompts::load);
      List<PendingPrompt> rest = new ArrayList<>();
      prompts.loaded().forEach(rest::add);
      rest.forEach(
          pending -> {
            taken.add(pending.prompt().getOrdinal());
            prompts.remove(pending);
          });
    }
    assertThat(taken).containsExactlyInAnyOrderElementsOf(expected);
    assertThat(prompts.loadedBytes()).isZero();
  }
}
