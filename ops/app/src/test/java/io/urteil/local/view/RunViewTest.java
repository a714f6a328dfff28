package io.urteil.local.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RunViewTest {

  private static final RunSnapshot HALFWAY =
      new RunSnapshot(
          "arithmetic-judge",
          23,
          60,
          OptionalDouble.of(1.2149),
          List.of(0.6225, 0.6850, 0.7875, 0.8725),
          OptionalDouble.of(0.79),
          OptionalDouble.of(0.54),
          OptionalDouble.of(31.24),
          OptionalDouble.of(412.3),
          OptionalDouble.of(1),
          Optional.of(new RunSnapshot.Shares(0.61, 0.02, 0.05, 0.32)),
          Duration.ofSeconds(41));

  @Test
  void shouldDrawABlockWithABarAndACurve() {
    // Given
    LiveBlock block = new LiveBlock(new TerminalStyle(100, false, true));

    // When
    String drawn = String.join("\n", block.render(HALFWAY));

    // Then
    assertThat(drawn)
        .isEqualTo(
            """
            arithmetic-judge  step 23/60 ████████████░░░░░░░░░░░░░░░░░░ 38 %  0:41, 1:05 to go
            accuracy 0.873 ▁▃▆█   consistency 0.790   first preferred 0.540
            reward 1.21   length 31.2   rollouts/s 412   lag 1
            sampling 61 %   judging 2 %   grouping 5 %   training 32 %\
            """);
  }

  @Test
  void shouldDrawInAsciiAndInFewerColumns() {
    // Given
    LiveBlock block = new LiveBlock(new TerminalStyle(40, false, false));

    // When
    String drawn = String.join("\n", block.render(HALFWAY));

    // Then
    assertThat(drawn)
        .isEqualTo(
            """
            step 23/60 ##.... 38 %  0:41, 1:05 to go
            accuracy 0.873 _-*@   consistency 0.790
            first preferred 0.540
            reward 1.21   length 31.2
            rollouts/s 412   lag 1
            sampling 61 %   judging 2 %
            grouping 5 %   training 32 %\
            """);
  }

  @Test
  void shouldDimLabelsOnlyWhereColoursAreWanted() {
    // Given
    TerminalStyle coloured = TerminalStyle.of(Map.of("COLUMNS", "100"), StandardCharsets.UTF_8);
    TerminalStyle plain =
        TerminalStyle.of(Map.of("COLUMNS", "100", "NO_COLOR", "1"), StandardCharsets.UTF_8);

    // When // Then
    assertThat(new LiveBlock(coloured).render(HALFWAY).get(2))
        .startsWith("\u001b[2mreward\u001b[0m 1");
    assertThat(new LiveBlock(plain).render(HALFWAY)).noneMatch(line -> line.contains("\u001b"));
  }

  @Property
  void shouldNeverDrawALineThatWraps(
      @ForAll @IntRange(min = 20, max = 200) int width,
      @ForAll @IntRange(max = 60) int step,
      @ForAll @IntRange(max = 100_000) int seconds) {
    // Given
    RunSnapshot run =
        new RunSnapshot(
            "a-run-with-quite-a-long-name",
            step,
            60,
            HALFWAY.meanReward(),
            Collections.nCopies(step, step / 60.0),
            HALFWAY.consistency(),
            HALFWAY.positionBias(),
            HALFWAY.responseLength(),
            HALFWAY.rolloutsPerSecond(),
            HALFWAY.lag(),
            HALFWAY.shares(),
            Duration.ofSeconds(seconds));

    // When
    List<String> lines = new LiveBlock(new TerminalStyle(width, false, true)).render(run);

    // Then
    assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
  }

  @Test
  void shouldShowDashesWhileNothingIsKnown() {
    // Given
    LiveBlock block = new LiveBlock(new TerminalStyle(60, false, true));

    // When
    List<String> lines = block.render(RunSnapshot.atStart("run", 10));

    // Then
    assertThat(lines)
        .containsExactly(
            "run  step 0/10 ░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░ 0 %  0:00",
            "accuracy -   consistency -   first preferred -",
            "reward -   length -   rollouts/s -   lag -");
  }

  @Test
  void shouldPrintOneLineAStepWhereThereIsNoTerminal() {
    // Given
    StringWriter output = new StringWriter();
    RunView view = new PlainView(new PrintWriter(output));

    // When
    view.show(HALFWAY);
    view.show(HALFWAY);
    view.printLine("done");

    // Then
    assertThat(output.toString())
        .isEqualToNormalizingNewlines(
            "step 23/60  reward 1.21  accuracy 0.873  consistency 0.790  first-preferred 0.540"
                + "  length 31.2  rollouts/s 412  lag 1  sampling 61 %  judging 2 %  grouping 5 %"
                + "  training 32 %  elapsed 0:41\ndone\n");
  }

  @Test
  void shouldLeaveOnlyTheNewestBlockOnTheTerminal() {
    // Given
    StringWriter output = new StringWriter();
    RunView view = new LiveView(new PrintWriter(output), new TerminalStyle(60, false, true));

    // When
    view.show(RunSnapshot.atStart("run", 10));
    view.printLine("checkpoint 1 loaded");
    view.show(HALFWAY);

    // Then
    List<String> screen = TerminalScreen.after(output.toString());
    assertThat(screen.getFirst()).isEqualTo("checkpoint 1 loaded");
    assertThat(screen.subList(1, screen.size()))
        .isEqualTo(new LiveBlock(new TerminalStyle(60, false, true)).render(HALFWAY));
  }

  @Test
  void shouldRefuseAStepBeyondTheLast() {
    // When // Then
    assertThatThrownBy(() -> RunSnapshot.atStart("run", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("step: 0 of 0");
  }
}
