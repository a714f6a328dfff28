package io.urteil.bench.cli;

import io.urteil.cli.option.CommandPlugin;

/** Adds the command {@code urteil bench}. */
public final class BenchPlugin implements CommandPlugin {

  @Override
  public Object command() {
    return new BenchCommand();
  }
}
