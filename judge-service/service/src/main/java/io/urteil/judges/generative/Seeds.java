package io.urteil.judges.generative;

/** Seeds that are functions of what they are for, so that a repeated judging draws the same. */
final class Seeds {

  private Seeds() {}

  /** The seed of what this names. */
  static long of(long seed, String name) {
    long mixed = seed * 0x9E3779B97F4A7C15L;
    for (int i = 0; i < name.length(); i++) {
      mixed = (mixed ^ name.charAt(i)) * 0x100000001B3L;
    }
    return mixed ^ (mixed >>> 32);
  }
}
