package io.urteil.prompt;

/** Which of two candidates is better; spelled as in events and references. */
public enum Preference {
  A("A"),
  B("B"),
  TIE("tie");

  private final String spelling;

  Preference(String spelling) {
    this.spelling = spelling;
  }

  /** As it stands in {@code Verdict.preference} and in references. */
  public String spelling() {
    return spelling;
  }

  /** The higher score wins; equal scores tie. */
  public static Preference of(double first, double second) {
    if (first == second) {
      return TIE;
    }
    return first > second ? A : B;
  }

  /** The same preference with the candidates the other way round. */
  public Preference swapped() {
    return switch (this) {
      case A -> B;
      case B -> A;
      case TIE -> TIE;
    };
  }
}
