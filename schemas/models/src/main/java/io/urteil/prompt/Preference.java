package io.urteil.prompt;

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
