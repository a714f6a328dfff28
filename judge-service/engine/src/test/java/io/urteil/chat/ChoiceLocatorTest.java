package io.urteil.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.chat.OpenAiProtocol.Token;
import io.urteil.prompt.WrittenChoice;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChoiceLocatorTest {

  private static final WrittenChoice CHOICE = new WrittenChoice("right?", List.of("Yes", "No"));

  @ParameterizedTest
  @CsvSource({
    "'Is it |right?| Yes', 2",
    "'Is it |right?| |Yes', 3",
    "'Is it |right?|\n\n|No|.', 3",
    "'right?| No, right?| Y|es', 2",
    "'Is it ri|ght?|Yes', 2",
    "'||right?||Yes', 4",
  })
  void shouldFindTheTokenWithTheFirstLetter(String tokens, int expected) {
    assertThat(place(tokens.split("\\|", -1))).hasValue(expected);
  }

  @ParameterizedTest
  @CsvSource({"'Is it |right? Yes'", "'Is it right|? Yes'", "'Is it |right?| Maybe'", "'Yes'"})
  void shouldFindNoneWhereNothingWasChosenBetween(String tokens) {
    assertThat(place(tokens.split("\\|", -1))).isEmpty();
  }

  @Property
  void shouldFindTheSameTokenAsALookAtEveryOne(
      @ForAll @Size(max = 6) List<@IntRange(min = 1, max = 30) Integer> cuts) {
    // Given
    String text = "hm No, is that right? \n Yes.";
    int[] at =
        cuts.stream().mapToInt(cut -> Math.min(cut, text.length())).sorted().distinct().toArray();
    String[] tokens = new String[at.length + 1];
    for (int i = 0; i <= at.length; i++) {
      tokens[i] = text.substring(i == 0 ? 0 : at[i - 1], i == at.length ? text.length() : at[i]);
    }

    // When
    OptionalInt place = place(tokens);

    // Then
    int yes = text.indexOf("Yes");
    int start = Arrays.stream(at).filter(cut -> cut <= yes).max().orElse(0);
    if (start < text.indexOf("?") + 1) {
      assertThat(place).isEmpty();
    } else {
      assertThat(String.join("", Arrays.copyOf(tokens, place.orElseThrow()))).hasSize(start);
    }
  }

  @Test
  void shouldAddUpTheSpellingsOfAChoiceAtItsPlace() {
    // Given
    List<Token> tokens =
        List.of(
            new Token("No, right?", Map.of("No", -0.1)),
            new Token(" Yes", Map.of(" Yes", -1.0, "Yes", -2.0, " No", -3.0, "no", -4.0)));

    // When
    Map<String, Double> probabilities = ChoiceLocator.probabilities(CHOICE, tokens);

    // Then
    assertThat(probabilities).containsOnlyKeys("Yes", "No");
    assertThat(probabilities.get("Yes")).isCloseTo(Math.exp(-1) + Math.exp(-2), within(1e-12));
    assertThat(probabilities.get("No")).isCloseTo(Math.exp(-3), within(1e-12));
    assertThat(ChoiceLocator.probabilities(CHOICE, List.of())).isEmpty();
  }

  private static OptionalInt place(String... tokens) {
    String text = String.join("", tokens);
    return ChoiceLocator.token(
        CHOICE, text, tokens.length, n -> String.join("", Arrays.copyOf(tokens, n)).length());
  }
}
