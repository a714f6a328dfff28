package io.urteil.embedded;

import java.util.List;
import java.util.Map;

/**
 * Security settings of a broker, for tests of authentication and authorization. The inter-broker
 * and controller listeners stay unauthenticated on loopback, so an authorizer must have {@code
 * User:ANONYMOUS} in {@code super.users}.
 *
 * @param protocol security protocol of the client listener: {@code SASL_SSL}, {@code SSL}, {@code
 *     SASL_PLAINTEXT} or {@code PLAINTEXT}
 * @param settings broker settings, such as key store, mechanisms and authorizer
 * @param scramUsers SCRAM users in the syntax of {@code kafka-storage.sh format --add-scram}
 * @param features levels of features that are not the newest
 */
public record BrokerSecurity(
    String protocol,
    Map<String, String> settings,
    List<String> scramUsers,
    Map<String, Short> features) {

  /** No authentication on loopback, and the newest features. */
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
