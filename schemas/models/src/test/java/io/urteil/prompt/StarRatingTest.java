package io.urteil.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The test that a verdict format needs; the example of extend/verdict-format.md. */
class StarRatingTest {

  @Test
  void shouldReadTheRatingAtTheEndAndNothingElse() {
    assertThat(StarRating.parse("Clear, but long.\nRating: 4 of 5 stars"))
        .isEqualTo(new ParsedVerdict.Pointwise(4, null));
    for (String text :
        new String[] {"", "4", "Rating: 6 of 5 stars", "Rating: 4 of 5 stars, or 5"}) {
      assertThat(StarRating.parse(text)).as(text).isInstanceOf(ParsedVerdict.Unparseable.class);
    }
  }

  @Property
  void shouldNeverThrow(@ForAll String text) {
    assertThat(StarRating.parse(text)).isNotNull();
  }
}
