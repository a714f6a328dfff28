package io.urteil.cli.option;

import picocli.CommandLine.Option;

/** Whose topics a command works on, where several tenants share a broker. */
public final class TopicPrefix {

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Put before every topic name; one a tenant (default: none).")
  private String prefix = "";

  public String text() {
    return prefix;
  }
}
