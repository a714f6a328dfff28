package io.urteil.prompt;

/** How many candidates a judge looks at in one judgement. */
public enum JudgeMode {
  /** One. */
  POINTWISE("pointwise"),
  /** Two, in an order. */
  PAIRWISE("pairwise"),
  /** Any number, in an order. */
  LISTWISE("listwise");

  private final String spelling;

  JudgeMode(String spelling) {
    this.spelling = spelling;
  }

  /** As it stands in prompt files and reports. */
  public String spelling() {
    return spelling;
  }

  /** Whether this many candidates can be judged at once. */
  public boolean takes(int candidates) {
    return switch (this) {
      case POINTWISE -> candidates == 1;
      case PAIRWISE -> candidates == 2;
      case LISTWISE -> candidates >= 1;
    };
  }
}
