package io.urteil.event;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;

/**
 * Where a part of Urteil runs, and all that a part is ever given: whatever else it needs to know is
 * on the log. So no hop between two parts can be a method call.
 *
 * @param bootstrap address of the Kafka brokers, {@code host:port[,host:port]}
 * @param prefix put before every topic name and group name; one prefix per tenant
 * @param dataDirectory where the part keeps files that outlive it; made when missing
 */
public record Namespace(String bootstrap, String prefix, Path dataDirectory) {

  public Namespace {
    requireNonNull(bootstrap, "bootstrap");
    requireNonNull(prefix, "prefix");
    requireNonNull(dataDirectory, "dataDirectory");
    if (!prefix.matches("[A-Za-z0-9._-]*")) {
      throw new IllegalArgumentException(
          "prefix: '" + prefix + "' (expected: letters, digits, '.', '_' or '-')");
    }
  }

  /** Name of a consumer group, Streams application or transaction of this tenant. */
  public String named(String name) {
    return prefix + name;
  }
}
