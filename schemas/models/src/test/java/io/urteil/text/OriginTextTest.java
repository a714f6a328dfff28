package io.urteil.text;

import static org.assertj.core.api.Assertions.assertThat;

import io.urteil.text.OriginText.Run;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class OriginTextTest {

  @Test
  void shouldTellRunsApartByOriginAndMessage() {
    // When
    OriginText text =
        OriginText.join(
            List.of(
                OriginText.template("Q: "),
                OriginText.of("2+2?", Origin.QUESTION),
                OriginText.of("", Origin.CANDIDATE),
                OriginText.of("4", Origin.CANDIDATE).inMessage(0),
                OriginText.of("4", Origin.CANDIDATE).inMessage(1)));

    // Then
    assertThat(text.runs())
        .containsExactly(
            new Run("Q: ", Origin.TEMPLATE, OriginText.NO_MESSAGE),
            new Run("2+2?", Origin.QUESTION, OriginText.NO_MESSAGE),
            new Run("4", Origin.CANDIDATE, 0),
            new Run("4", Origin.CANDIDATE, 1));
    assertThat(text).hasToString("Q: 2+2?44");
  }

  @Property
  void shouldKeepOriginsWhenItIsPutIntoAMessage(
      @ForAll @Size(max = 8) List<Origin> origins, @ForAll String piece) {
    // Given
    OriginText text =
        OriginText.join(origins.stream().map(origin -> OriginText.of(piece, origin)).toList());

    // When
    OriginText moved = text.inMessage(70_000);

    // Then
    assertThat(moved.runs())
        .isEqualTo(
            text.runs().stream().map(run -> new Run(run.text(), run.origin(), 70_000)).toList());
  }

  @Test
  void shouldReplaceLoneSurrogatesWithoutJoiningTwoOrigins() {
    // Given
    OriginText text =
        OriginText.of("a\ud83d", Origin.QUESTION)
            .plus(OriginText.of("\ude00b\ud83d\ude00", Origin.CANDIDATE));

    // Then
    assertThat(text.wellFormed().runs())
        .containsExactly(
            new Run("a\ufffd", Origin.QUESTION, OriginText.NO_MESSAGE),
            new Run("\ufffdb\ud83d\ude00", Origin.CANDIDATE, OriginText.NO_MESSAGE));
  }

  @Test
  void shouldTrustNothingButTemplates() {
    for (Origin origin : Origin.values()) {
      assertThat(origin.isTrusted()).isEqualTo(origin == Origin.TEMPLATE);
    }
  }
}
