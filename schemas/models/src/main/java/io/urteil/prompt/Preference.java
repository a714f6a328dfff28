package io.urteil.prompt;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The preferred candidate of a pair, or a tie. */
public enum Preference {
  A("A"),
  B("B"),
  TIE("tie");

  private final String spelling;

  Preference(String spelling) {
    this.spelling = spelling;
  }

  /** The value in {@code Verdict.preference} and in references. */
  public String spelling() {
    return spelling;
  }

  /** The preference with this spelling; empty for null and any other text. */
  public static Optional<Preference> named(@Nullable String spelling) {
    return Arrays.stream(values()).filter(one -> one.spelling.equals(spelling)).findFirst();
  }

  /** The candidate of the higher score; a tie for equal scores. */
  public static Preference of(double first, double second) {
    if (first == second) {
      return TIE;
    }
    return first > second ? A : B;
  }

  /** The same preference for the candidates in swapped order. */
  public Preference swapped() {
    return switch (this) {
      case A -> B;
      case B -> A;
      case TIE -> TIE;
    };
  }
}
