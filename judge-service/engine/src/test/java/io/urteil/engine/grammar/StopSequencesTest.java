package io.urteil.engine.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.urteil.model.tokenizer.TokenTexts;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class StopSequencesTest {

  private static final List<String> TEXTS = List.of("", "a", "b", "ab", "ba", "aab", "é");
  private static final TokenTexts VOCABULARY = TokenTexts.of(TEXTS);

  @Property
  void shouldStopAtTheTokenThatCompletesTheFirstStop(
      @ForAll @Size(min = 1, max = 30) List<@IntRange(min = 0, max = 6) Integer> tokens,
      @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 5) Integer> first,
      @ForAll @Size(min = 1, max = 3) List<@IntRange(min = 1, max = 5) Integer> second) {
    // Given
    List<String> stops = List.of(text(first), text(second));
    StopSequences texts = new StopSequences(stops, VOCABULARY);

    // When
    List<Integer> read = new ArrayList<>();
    int place = StopSequences.START;
    for (int token : tokens) {
      read.add(token);
      place = texts.after(place, token);
      if (texts.isStop(place)) {
        break;
      }
    }

    // Then
    String before = text(read.subList(0, read.size() - 1));
    assertThat(stops.stream().noneMatch(before::contains)).isTrue();
    String all = text(read);
    assertThat(texts.isStop(place)).isEqualTo(stops.stream().anyMatch(all::contains));
    if (texts.isStop(place)) {
      String stop = texts.text(place);
      assertThat(all).contains(stop);
      assertThat(StopSequences.before(stop, all)).isEqualTo(all.substring(0, all.indexOf(stop)));
    }
  }

  @Example
  void shouldNameTheLongestWhenSeveralEndTogether() {
    // Given
    StopSequences texts = new StopSequences(List.of("b", "ab", "bab"), VOCABULARY);

    // When
    int place = texts.after(texts.after(StopSequences.START, 1), 2);

    // Then
    assertThat(texts.isStop(place)).isTrue();
    assertThat(texts.text(place)).isEqualTo("ab");
  }

  @Example
  void shouldRefuseAnEmptyStop() {
    assertThatThrownBy(() -> new StopSequences(List.of("a", ""), VOCABULARY))
        .hasMessage("stop: [a, ] (expected: texts, none empty)");
    assertThatThrownBy(() -> new StopSequences(List.of(), VOCABULARY))
        .hasMessageContaining("expected: texts");
  }

  private static String text(List<Integer> tokens) {
    return VOCABULARY.decode(tokens.stream().mapToInt(Integer::intValue).toArray());
  }
}
