package io.urteil.local.arithmetic;

import java.util.Random;

/**
 * Draws problems. The operands are uniform. The wrong candidate is a near miss: with probability
 * 3/4 one random digit is shifted by 1 to 3 (modulo 10), otherwise two neighbouring digits are
 * swapped.
 *
 * <p>The algorithm of {@link Random} is specified, so a seed produces the same problems on every
 * machine.
 */
final class ProblemGenerator {

  static final int SMALLEST_OPERAND = 100;
  static final int LARGEST_OPERAND = 499;

  private static final int LARGEST_SHIFT = 3;

  private ProblemGenerator() {}

  /**
   * Whether a pair of operands is held out: a multiplicative hash selects one pair in ten. Training
   * and held-out sets of all seeds are therefore disjoint.
   */
  static boolean isHeldOut(int augend, int addend) {
    long hash = (augend * 1_000_003L + addend) * 0x9E3779B97F4A7C15L;
    return (hash >>> 40) % 10 == 0;
  }

  static Problem draw(Random random, boolean heldOut) {
    int augend;
    int addend;
    do {
      augend = operand(random);
      addend = operand(random);
    } while (isHeldOut(augend, addend) != heldOut);
    int wrong = nearMiss(augend + addend, random);
    return new Problem(augend, addend, wrong, random.nextBoolean());
  }

  private static int operand(Random random) {
    return SMALLEST_OPERAND + random.nextInt(LARGEST_OPERAND - SMALLEST_OPERAND + 1);
  }

  private static int nearMiss(int sum, Random random) {
    int miss;
    do {
      int[] digits = {sum / 100, sum / 10 % 10, sum % 10};
      int place = random.nextInt(4);
      if (place < digits.length) {
        int shift = (1 + random.nextInt(LARGEST_SHIFT)) * (random.nextBoolean() ? 1 : -1);
        digits[place] = Math.floorMod(digits[place] + shift, 10);
      } else {
        int first = random.nextInt(2);
        int digit = digits[first];
        digits[first] = digits[first + 1];
        digits[first + 1] = digit;
      }
      miss = digits[0] * 100 + digits[1] * 10 + digits[2];
    } while (miss == sum || miss < 100);
    return miss;
  }
}
