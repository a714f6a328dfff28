package io.urteil.judges.generative;

/** Derives seeds from names, so that repeated judging samples the same votes. */
final class Seeds {

  private Seeds() {}

  /** A hash of seed and name. */
  static long of(long seed, String name) {
    long mixed = seed * 0x9E3779B97F4A7C15L;
    for (int i = 0; i < name.length(); i++) {
      mixed = (mixed ^ name.charAt(i)) * 0x100000001B3L;
    }
    return mixed ^ (mixed >>> 32);
  }
}
