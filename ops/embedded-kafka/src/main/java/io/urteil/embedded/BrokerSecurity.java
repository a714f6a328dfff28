package io.urteil.embedded;

import java.util.List;
import java.util.Map;

/**
 * A broker whose clients must prove who they are, for tests of this. The listeners of the broker
 * for itself and of the controller stay open, on loopback: where an authorizer is set, {@code
 * User:ANONYMOUS} must be among its {@code super.users}.
 *
 * @param protocol of the listener for clients: {@code SASL_SSL}, {@code SSL}, {@code
 *     SASL_PLAINTEXT} or {@code PLAINTEXT}
 * @param settings of the broker, such as its key store, mechanisms and authorizer
 * @param scramUsers in the form of {@code kafka-storage.sh format --add-scram}
 * @param features levels of features where they are not to be the newest
 */
public record BrokerSecurity(
    String protocol,
    Map<String, String> settings,
    List<String> scramUsers,
    Map<String, Short> features) {

  /** Open to everybody on this machine, with the newest features. */
  public static final BrokerSecurity NONE =
      new BrokerSecurity("PLAINTEXT", Map.of(), List.of(), Map.of());

  public BrokerSecurity {
    settings = Map.copyOf(settings);
    scramUsers = List.copyOf(scramUsers);
    features = Map.copyOf(features);
  }

  boolean isOpen() {
    return protocol.equals("PLAINTEXT");
  }
}
