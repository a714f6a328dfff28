package io.urteil.chat.server;

import io.urteil.chat.RemoteServer;
import java.util.Map;
import java.util.TreeMap;

/**
 * The servers that a process declares for the judges of its run files, by name, and the URLs that
 * run files may name themselves. A run file selects a server; it never defines what is sent to it
 * beside the prompt. Immutable.
 *
 * @param declared by name
 * @param urls of servers that run files may define
 */
public record JudgeServers(Map<String, RemoteServer> declared, AllowedUrls urls) {

  public JudgeServers {
    declared = Map.copyOf(declared);
  }

  /** No server and no URL. */
  public static JudgeServers none() {
    return new JudgeServers(Map.of(), AllowedUrls.none());
  }

  /** These servers, with other URLs that run files may name. */
  public JudgeServers allowing(AllowedUrls others) {
    return new JudgeServers(declared, others);
  }

  /**
   * The server of this name.
   *
   * @throws IllegalArgumentException when it is not declared, with the declared names
   */
  public RemoteServer named(String name) {
    RemoteServer server = declared.get(name);
    if (server == null) {
      throw new IllegalArgumentException(
          "server: '%s' (expected: %s, in the servers file of the judge worker)"
              .formatted(
                  name,
                  declared.isEmpty()
                      ? "a declared server, but none is"
                      : "one of " + String.join(", ", new TreeMap<>(declared).keySet())));
    }
    return server;
  }

  /**
   * Requires that a run file may use this URL.
   *
   * @throws IllegalArgumentException when the operator does not allow it
   */
  public void requireAllowed(String url) {
    if (!urls.allow(url)) {
      throw new IllegalArgumentException(
          "server.url: a URL that this judge worker does not allow (expected: the name of a server"
              + " of its servers file, or a URL under its allowedUrls)");
    }
  }

  /** Whether any server has a price. */
  public boolean hasPrices() {
    return declared.values().stream()
        .anyMatch(server -> !server.price().equals(RemoteServer.Price.NONE));
  }
}
