package io.urteil.fuzz;

import java.io.IOException;

/** The entry point of Jazzer; the target is the system property {@code urteil.fuzz.target}. */
public final class FuzzEntry {

  private static final FuzzTarget TARGET =
      FuzzTarget.named(System.getProperty("urteil.fuzz.target", "event"));

  private FuzzEntry() {}

  /** Reads the seeds, which loads and instruments classes: that takes longer than an input may. */
  public static void fuzzerInitialize() throws IOException {
    for (byte[] seed : TARGET.seeds()) {
      TARGET.run(seed);
    }
  }

  /** Runs the target; what it throws is a finding. */
  public static void fuzzerTestOneInput(byte[] input) throws IOException {
    TARGET.run(input);
  }
}
