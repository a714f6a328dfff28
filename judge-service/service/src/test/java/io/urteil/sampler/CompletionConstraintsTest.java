package io.urteil.sampler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.engine.CompletionSample;
import io.urteil.engine.StopReason;
import io.urteil.engine.grammar.StopSequences;
import io.urteil.event.EngineStamp;
import io.urteil.event.MemberKey;
import io.urteil.event.PackedArrays;
import io.urteil.event.PolicyStamp;
import io.urteil.event.Prompt;
import io.urteil.event.PromptArm;
import io.urteil.event.Purpose;
import io.urteil.event.Rollout;
import io.urteil.event.SamplingSettings;
import io.urteil.event.Segment;
import io.urteil.model.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionConstraintsTest {

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private Tokenizer tokenizer;

  @BeforeEach
  void openTokenizer() throws Exception {
    tokenizer = Tokenizer.open(TinyPolicy.write(directory, 1).resolve(Tokenizer.FILE_NAME));
  }

  @AfterEach
  void closeTokenizer() {
    tokenizer.close();
  }

  @Test
  void shouldHaveNoFormUnlessTheRunNamesOne() {
    assertThat(CompletionConstraints.grammar("", tokenizer)).isNull();
    assertThat(CompletionConstraints.stopTexts(List.of(), tokenizer)).isNull();
  }

  @Test
  void shouldSayWhatIsWrongWithAForm() {
    assertThatThrownBy(() -> CompletionConstraints.grammar("nonsense", tokenizer))
        .hasMessageStartingWith("grammar: 'nonsense' (expected: one of ");
    assertThatThrownBy(() -> CompletionConstraints.grammar("j1-verdict", tokenizer))
        .hasMessageContaining("no token of the vocabulary matches here")
        .hasMessageContaining("'<'");
  }

  @Test
  void shouldFindAStopAcrossTokens() {
    // Given
    StopSequences stops =
        Objects.requireNonNull(CompletionConstraints.stopTexts(List.of("abc"), tokenizer));

    // When
    int place = StopSequences.START;
    for (int token : tokenizer.encode("aabc")) {
      place = stops.after(place, token);
    }

    // Then
    assertThat(stops.isStop(place)).isTrue();
  }

  @Test
  void shouldWriteTheTextBeforeTheStopAndAllTokensWithTheirMasks() {
    // Given
    int[] tokens = tokenizer.encode("hi abc");
    BitSet forced = new BitSet();
    forced.set(1, 3);
    CompletionSample sample =
        new CompletionSample(
            0, tokens, new float[tokens.length], forced, StopReason.STOP, "abc", "");

    // When
    Rollout rollout = rollout(sample);

    // Then
    Segment answer = rollout.getSegments().getLast();
    assertThat(answer.getText()).isEqualTo("hi ");
    assertThat(PackedArrays.toInts(answer.getTokens())).isEqualTo(tokens);
    assertThat(PackedArrays.toMask(answer.getForced()))
        .containsExactly(false, true, true, false, false, false);
    assertThat(PackedArrays.toMask(answer.getTrained()))
        .containsExactly(true, false, false, true, true, true);
  }

  @Test
  void shouldFlagNothingAsForcedWithoutAGrammar() {
    // Given
    int[] tokens = tokenizer.encode("hi");

    // When
    Rollout rollout = rollout(new CompletionSample(0, tokens, new float[2], StopReason.LENGTH, ""));

    // Then
    Segment answer = rollout.getSegments().getLast();
    assertThat(answer.getText()).isEqualTo("hi");
    assertThat(answer.getForced().remaining()).isZero();
    assertThat(PackedArrays.toMask(answer.getTrained())).containsExactly(true, true);
  }

  private Rollout rollout(CompletionSample sample) {
    PromptArm arm = new PromptArm("only", List.of(), null, "", null);
    Prompt prompt =
        Prompt.newBuilder()
            .setRunId("run")
            .setGroupId("group")
            .setOrdinal(0)
            .setArms(List.of(arm))
            .setSamplesPerArm(1)
            .setPurpose(Purpose.TRAIN)
            .setMembers(List.of())
            .setDeadlineMillis(1)
            .setColumns(Map.of())
            .setCreatedAt(Instant.EPOCH)
            .build();
    return RolloutEvents.of(
        prompt,
        arm,
        new MemberKey("only", 0, 0),
        List.of(),
        sample,
        tokenizer,
        SamplingSettings.newBuilder().setTemperature(1).setMaxTokens(8).setSeed(1).build(),
        EngineStamp.newBuilder().setName("n").setDtype("f32").setTokenizerHash("h").build(),
        PolicyStamp.newBuilder().setModel("m").setLineage("l").setVersion(1).build(),
        Instant.EPOCH,
        Instant.EPOCH);
  }
}
