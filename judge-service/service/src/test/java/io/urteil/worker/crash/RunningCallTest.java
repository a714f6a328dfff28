package io.urteil.worker.crash;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.event.RecordPosition;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunningCallTest {

  private static final String LONGEST_TOPIC = "t".repeat(249);

  @ParameterizedTest
  @ValueSource(strings = {"run/judge", "Läufe/prüfen mit zwei Wörtern", "実行/審判", "r/😀", "…"})
  void shouldKeepNamesOfOtherAlphabets(String judge) {
    // Given
    RunningCall call = call("prod.rollouts", judge);

    // Then
    assertThat(parsed(call)).contains(call);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a", "ü", "審", "😀"})
  void shouldCutALongNameBetweenTwoCharacters(String character) {
    for (int shift = 0; shift < 4; shift++) {
      // Given
      String judge = "x".repeat(shift) + character.repeat(1_000);

      // When
      String found = parsed(call(LONGEST_TOPIC, judge)).orElseThrow().judge();

      // Then
      assertThat(found).endsWith(RunningCall.CUT).doesNotContain("\uFFFD");
      assertThat(judge).startsWith(found.substring(0, found.length() - 1));
      assertThat(found.getBytes(UTF_8).length).isGreaterThan(100);
    }
  }

  @Test
  void shouldHaveNoLineWhereThePositionDoesNotFit() {
    assertThat(call("t".repeat(600), "run/judge").bytes()).isEmpty();
  }

  @Property
  void shouldFindTheRecordAgainWhateverTheJudgeIsCalled(
      @ForAll("names") String judge,
      @ForAll @IntRange(min = 1, max = 249) int topicLength,
      @ForAll RunningCall.State state,
      @ForAll @IntRange(min = 0) int partition,
      @ForAll long offset,
      @ForAll long timestamp) {
    // Given
    RecordPosition position = new RecordPosition("t".repeat(topicLength), partition, offset);
    RunningCall call = new RunningCall(state, "shadow-judges", position, timestamp, judge);

    // When
    byte[] bytes = call.bytes().orElseThrow().array();
    RunningCall found = RunningCall.parse(new String(bytes, UTF_8)).orElseThrow();

    // Then
    assertThat(bytes).hasSize(RunningCall.LINE_BYTES).endsWith('\n');
    assertThat(new String(bytes, 0, bytes.length - 1, UTF_8)).doesNotContain("\n", "\uFFFD");
    assertThat(found)
        .isEqualTo(new RunningCall(state, "shadow-judges", position, timestamp, found.judge()));
    if (found.judge().endsWith(RunningCall.CUT)) {
      assertThat(judge).startsWith(found.judge().substring(0, found.judge().length() - 1));
    } else {
      assertThat(found.judge()).isEqualTo(judge);
    }
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings()
        .withChars("abc/-ßéü実審判\u2028\u0085")
        .ofMinLength(1)
        .ofMaxLength(600)
        .map(name -> "r" + name.replace(RunningCall.CUT, "") + "j");
  }

  @ParameterizedTest
  @ValueSource(strings = {"run/a\nb", "run/\r\n", "\0\t"})
  void shouldStayOneLine(String judge) {
    // When
    RunningCall found = parsed(call("prod.rollouts", judge)).orElseThrow();

    // Then
    assertThat(found.judge()).isEqualTo(judge.replaceAll("[\n\r\t\0]", "?"));
  }

  private static Optional<RunningCall> parsed(RunningCall call) {
    String text = new String(call.bytes().orElseThrow().array(), UTF_8);
    assertThat(text.lines()).hasSize(1);
    return RunningCall.parse(text);
  }

  private static RunningCall call(String topic, String judge) {
    return new RunningCall(
        RunningCall.State.BESIDE,
        "judge-worker",
        new RecordPosition(topic, Integer.MAX_VALUE, Long.MAX_VALUE),
        Long.MIN_VALUE,
        judge);
  }
}
