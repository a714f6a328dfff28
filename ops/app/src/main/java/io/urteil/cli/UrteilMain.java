package io.urteil.cli;

import io.quarkus.runtime.annotations.QuarkusMain;
import java.io.PrintWriter;

/**
 * The application's entry point. Parses before Quarkus starts: help and usage errors need no
 * container.
 */
@QuarkusMain
public final class UrteilMain {

  private UrteilMain() {}

  public static void main(String[] arguments) {
    PrintWriter output = new PrintWriter(System.out, true, System.out.charset());
    PrintWriter errors = new PrintWriter(System.err, true, System.err.charset());
    System.exit(UrteilCommand.line(output, errors).execute(arguments));
  }
}
