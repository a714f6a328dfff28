package io.urteil.cli.option;

import picocli.CommandLine.Option;

/** {@code --prefix TEXT}: the topic prefix, which separates tenants on one broker. */
public final class TopicPrefix {

  @Option(
      names = "--prefix",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "Prefix of every topic name; one for each tenant (default: none).")
  private String prefix = "";

  public String text() {
    return prefix;
  }
}
