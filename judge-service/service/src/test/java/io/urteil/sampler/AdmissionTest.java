package io.urteil.sampler;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.Prompt;
import io.urteil.event.Purpose;
import io.urteil.event.TestEvents;
import io.urteil.run.ProducerAdmission;
import io.urteil.run.RunFile;
import io.urteil.run.RunFileReader;
import io.urteil.run.StalenessSection;
import io.urteil.sampler.Admission.Decision;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdmissionTest {

  @ParameterizedTest
  @CsvSource({
    // ordinal, dropped, newest, lag, expected version of exact admission or -1 for held
    "0, 0, 0, 0, 0",
    "1, 0, 0, 0, 0",
    "2, 0, 0, 0, -1",
    "2, 0, 1, 0, 1",
    "2, 1, 0, 0, 0",
    "3, 1, 1, 0, 1",
    "5, 0, 0, 2, 0",
    "6, 0, 0, 2, -1",
    "6, 0, 1, 2, 1",
    "6, 0, 7, 2, 1",
    "0, 5, 0, 0, 0",
  })
  void shouldAdmitToExactlyTheLagWhenTheRunIsExact(
      long ordinal, long dropped, long newest, int lag, long expected) {
    // Given
    RunFile run = run(lag, true);
    Prompt prompt = TestEvents.prompt(ordinal).build();

    // When
    Decision decision = Admission.decide(run, prompt, newest, dropped(dropped));

    // Then
    assertThat(decision)
        .isEqualTo(expected < 0 ? new Decision.Hold() : new Decision.Exactly(expected));
  }

  @Test
  void shouldHoldEverythingWhenNoVersionIsThere() {
    // Given
    Prompt prompt = TestEvents.prompt(Purpose.EVALUATE, 0).build();

    // When
    Decision decision = Admission.decide(run(1, false), prompt, null, RunProgress.NONE);

    // Then
    assertThat(decision).isEqualTo(new Decision.Hold());
  }

  @Property
  void shouldAdmitAsTheFormulaSaysWhenTheRunIsNotExact(
      @ForAll @LongRange(max = 1_000) long ordinal,
      @ForAll @LongRange(max = 100) long dropped,
      @ForAll @LongRange(max = 500) long newest,
      @ForAll @IntRange(max = 8) int lag) {
    RunFile run = run(lag, false);
    Decision decision =
        Admission.decide(run, TestEvents.prompt(ordinal).build(), newest, dropped(dropped));
    boolean admitted = ordinal < (lag + newest + 1) * run.batch().groups() + dropped;
    assertThat(decision).isEqualTo(admitted ? new Decision.Newest() : new Decision.Hold());
    assertThat(ordinal < ProducerAdmission.limit(run, newest, dropped, 0, 0)).isEqualTo(admitted);
  }

  @Property
  void shouldNeverHoldALowerOrdinalWhenAHigherOneMayGo(
      @ForAll @LongRange(max = 1_000) long ordinal,
      @ForAll @LongRange(max = 1_000) long further,
      @ForAll @LongRange(max = 500) long newest,
      @ForAll @IntRange(max = 8) int lag,
      @ForAll boolean exact) {
    RunFile run = run(lag, exact);
    Decision higher =
        Admission.decide(
            run, TestEvents.prompt(ordinal + further).build(), newest, RunProgress.NONE);
    Decision lower =
        Admission.decide(run, TestEvents.prompt(ordinal).build(), newest, RunProgress.NONE);
    if (!(higher instanceof Decision.Hold)) {
      assertThat(lower).isNotInstanceOf(Decision.Hold.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"3, 3, true", "2, 3, false", "7, 3, true"})
  void shouldWaitForThePinnedVersionAndThenTakeNoOther(long newest, long pinned, boolean there) {
    // Given
    Prompt prompt = TestEvents.prompt(Purpose.EVALUATE, 90).setPolicyVersion(pinned).build();

    // When
    Decision decision = Admission.decide(run(0, true), prompt, newest, RunProgress.NONE);

    // Then
    assertThat(decision).isEqualTo(there ? new Decision.Exactly(pinned) : new Decision.Hold());
  }

  @Test
  void shouldNotCountWhatIsNotForTraining() {
    // Given
    Prompt probe = TestEvents.prompt(Purpose.PROBE, 1_000_000).build();

    // When
    Decision decision = Admission.decide(run(0, true), probe, 0L, RunProgress.NONE);

    // Then
    assertThat(decision).isEqualTo(new Decision.Newest());
  }

  @ParameterizedTest
  @CsvSource({
    // ordinal, batched, batches, newest, admitted: four groups a batch so far, the cap is eight
    "7, 0, 0, 0, true",
    "8, 0, 0, 0, false",
    "11, 8, 2, 1, false",
    "11, 8, 2, 2, true",
    "12, 8, 2, 2, false",
    "5, 8, 2, 2, true",
  })
  void shouldReckonWithTheAverageWhenBatchesCloseByTokens(
      long ordinal, long batched, long batches, long newest, boolean admitted) {
    // Given
    RunFile run =
        RunFileReader.read("run", TestEvents.RUN_FILE)
            .edit()
            .batch(batch -> batch.withGroups(8).withTokens(100))
            .staleness(new StalenessSection(0, false))
            .build();

    // When
    Decision decision =
        Admission.decide(
            run, TestEvents.prompt(ordinal).build(), newest, new RunProgress(0, batched, batches));

    // Then
    assertThat(decision).isEqualTo(admitted ? new Decision.Newest() : new Decision.Hold());
    assertThat(ordinal < ProducerAdmission.limit(run, newest, 0, batched, batches))
        .isEqualTo(admitted);
  }

  private static RunProgress dropped(long groups) {
    return new RunProgress(groups, 0, 0);
  }

  private static RunFile run(int lag, boolean exact) {
    return RunFileReader.read(
        "run",
        TestEvents.RUN_FILE
            + "staleness: { maxVersionsBehind: %d, exact: %s }\n".formatted(lag, exact));
  }
}
