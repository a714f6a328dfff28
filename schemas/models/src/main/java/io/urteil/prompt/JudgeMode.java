package io.urteil.prompt;

/** The number of candidates in one judge prompt. */
public enum JudgeMode {
  /** One candidate. */
  POINTWISE("pointwise"),
  /** Two candidates, in an order. */
  PAIRWISE("pairwise"),
  /** Any number of candidates, in an order. */
  LISTWISE("listwise");

  private final String spelling;

  JudgeMode(String spelling) {
    this.spelling = spelling;
  }

  /** The name in prompt files and reports. */
  public String spelling() {
    return spelling;
  }

  /** Whether a prompt of this mode can show this number of candidates. */
  public boolean takes(int candidates) {
    return switch (this) {
      case POINTWISE -> candidates == 1;
      case PAIRWISE -> candidates == 2;
      case LISTWISE -> candidates >= 1;
    };
  }
}
