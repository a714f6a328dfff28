package io.urteil.event;

import io.urteil.embedded.BrokerSecurity;
import io.urteil.embedded.EmbeddedKafka;
import io.urteil.kafka.KafkaProperties;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;

/**
 * A broker that lets nobody in without TLS and a login, and allows nothing without an ACL. Users of
 * PLAIN and SCRAM have their name and {@code -secret} as password; {@code admin} may do everything.
 */
public final class SecureBroker implements AutoCloseable {

  private static final String MODULES = "org.apache.kafka.common.security.";
  private static final String UNSECURED = MODULES + "oauthbearer.internals.unsecured.";

  private final EmbeddedKafka broker;
  private final Certificates certificates;
  private final Path directory;
  private final Path clientKeys;
  private final Path trusted;

  private SecureBroker(Path directory, String protocol, Collection<String> users)
      throws IOException {
    this.directory = Files.createDirectories(directory);
    this.certificates = new Certificates(directory);
    Path brokerKeys = certificates.keyStore("broker");
    this.clientKeys = certificates.keyStore("client");
    this.trusted = certificates.trustStore("trusted", brokerKeys);
    Map<String, String> settings = new HashMap<>();
    settings.put(
        "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    settings.put("super.users", "User:ANONYMOUS;User:admin;User:CN=client,O=Urteil");
    settings.put("ssl.keystore.type", "PKCS12");
    settings.put("ssl.keystore.location", brokerKeys.toString());
    settings.put("ssl.keystore.password", Certificates.PASSWORD);
    settings.put("ssl.truststore.type", "PKCS12");
    settings.put(
        "ssl.truststore.location", certificates.trustStore("clients", clientKeys).toString());
    settings.put("ssl.truststore.password", Certificates.PASSWORD);
    settings.put("ssl.client.auth", protocol.equals("SSL") ? "required" : "none");
    if (protocol.equals("SASL_SSL")) {
      String listener = "listener.name.sasl_ssl.";
      settings.put("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512,OAUTHBEARER");
      settings.put(
          listener + "plain.sasl.jaas.config",
          MODULES
              + "plain.PlainLoginModule required "
              + users.stream()
                  .map(user -> "user_%s=\"%s\"".formatted(user, password(user)))
                  .collect(Collectors.joining(" "))
              + ";");
      settings.put(
          listener + "scram-sha-512.sasl.jaas.config",
          MODULES + "scram.ScramLoginModule required;");
      settings.put(
          listener + "oauthbearer.sasl.jaas.config",
          MODULES + "oauthbearer.OAuthBearerLoginModule required;");
      settings.put(
          listener + "oauthbearer.sasl.server.callback.handler.class",
          UNSECURED + "OAuthBearerUnsecuredValidatorCallbackHandler");
    }
    this.broker =
        EmbeddedKafka.start(
            directory.resolve("broker"),
            new BrokerSecurity(
                protocol,
                settings,
                users.stream()
                    .map(
                        user ->
                            "SCRAM-SHA-512=[name=%s,password=%s]".formatted(user, password(user)))
                    .toList(),
                Map.of()));
  }

  /** A broker with TLS and a login by PLAIN, SCRAM-SHA-512 or OAUTHBEARER. */
  public static SecureBroker withLogins(Path directory, String... users) throws IOException {
    return new SecureBroker(
        directory, "SASL_SSL", Stream.concat(Stream.of("admin"), Stream.of(users)).toList());
  }

  /** A broker with TLS that asks for the client's certificate, and lets {@code client} in. */
  public static SecureBroker withClientCertificates(Path directory) throws IOException {
    return new SecureBroker(directory, "SSL", List.of());
  }

  /** The address for {@code bootstrap.servers}. */
  public String bootstrap() {
    return broker.bootstrap();
  }

  /** A place on this broker. */
  public Namespace place(String prefix, Map<String, String> properties) {
    return new Namespace(bootstrap(), prefix, directory.resolve("data"))
        .with(KafkaProperties.of(properties, "test"));
  }

  /** Properties of a user that logs in by PLAIN. */
  public Map<String, String> plain(String user) {
    return plain(user, password(user));
  }

  /** Properties of a user that logs in by PLAIN with this password. */
  public Map<String, String> plain(String user, String password) {
    return login("PLAIN", "plain.PlainLoginModule", user, password);
  }

  /** Properties of a user that logs in by SCRAM-SHA-512. */
  public Map<String, String> scram(String user) {
    return login("SCRAM-SHA-512", "scram.ScramLoginModule", user, password(user));
  }

  /** Properties of a user with an unsecured JWT. */
  public Map<String, String> oauth(String user) {
    Map<String, String> properties = tls("SASL_SSL", trusted);
    properties.put("sasl.mechanism", "OAUTHBEARER");
    properties.put(
        "sasl.jaas.config",
        MODULES
            + "oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub=\"%s\";"
                .formatted(user));
    properties.put(
        "sasl.login.callback.handler.class",
        UNSECURED + "OAuthBearerUnsecuredLoginCallbackHandler");
    return properties;
  }

  /** Properties of a client that shows its certificate. */
  public Map<String, String> clientCertificate() {
    return certificate(clientKeys);
  }

  /** Properties of a client whose certificate the broker does not know. */
  public Map<String, String> strangeCertificate() {
    return certificate(certificates.keyStore("stranger"));
  }

  /** These properties, but with a trust store that has another certificate in it. */
  public Map<String, String> distrusting(Map<String, String> properties) {
    Map<String, String> changed = new HashMap<>(properties);
    changed.put(
        "ssl.truststore.location",
        certificates.trustStore("others", certificates.keyStore("other")).toString());
    return changed;
  }

  /** Allows what these ACLs say. */
  public void allow(Collection<AclBinding> acls) throws Exception {
    try (Admin admin =
        Admin.create(
            KafkaClientSettings.admin(place("", plain("admin")), Duration.ofSeconds(10)))) {
      admin.createAcls(acls).all().get();
      // The authorizer learns of them a moment later.
      while (!admin.describeAcls(AclBindingFilter.ANY).values().get().containsAll(acls)) {
        Thread.sleep(20);
      }
    }
  }

  private Map<String, String> certificate(Path keys) {
    Map<String, String> properties = tls("SSL", trusted);
    properties.put("ssl.keystore.type", "PKCS12");
    properties.put("ssl.keystore.location", keys.toString());
    properties.put("ssl.keystore.password", Certificates.PASSWORD);
    return properties;
  }

  private Map<String, String> login(String mechanism, String module, String user, String password) {
    Map<String, String> properties = tls("SASL_SSL", trusted);
    properties.put("sasl.mechanism", mechanism);
    properties.put(
        "sasl.jaas.config",
        "%s%s required username=\"%s\" password=\"%s\";"
            .formatted(MODULES, module, user, password));
    return properties;
  }

  private static Map<String, String> tls(String protocol, Path trusted) {
    Map<String, String> properties = new HashMap<>();
    properties.put("security.protocol", protocol);
    properties.put("ssl.truststore.type", "PKCS12");
    properties.put("ssl.truststore.location", trusted.toString());
    properties.put("ssl.truststore.password", Certificates.PASSWORD);
    return properties;
  }

  private static String password(String user) {
    return user + "-secret";
  }

  @Override
  public void close() {
    broker.close();
  }
}
