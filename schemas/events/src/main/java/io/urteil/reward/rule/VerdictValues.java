package io.urteil.reward.rule;

/**
 * Rewards by the outcome of a verdict.
 *
 * @param right if it agrees with the reference
 * @param wrong if it does not
 * @param unparseable if no verdict can be read
 */
public record VerdictValues(double right, double wrong, double unparseable) {

  double of(boolean isRight) {
    return isRight ? right : wrong;
  }
}
