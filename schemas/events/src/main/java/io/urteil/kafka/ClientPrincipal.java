package io.urteil.kafka;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The principal of a client, derived from its properties. Brokers may map it to another name, so it
 * is used in messages only.
 */
final class ClientPrincipal {

  private static final String TYPE = "User:";

  /** Parameters of the login modules of PLAIN and SCRAM, GSSAPI and OAUTHBEARER, by precedence. */
  private static final List<Pattern> IN_JAAS =
      List.of(
          parameter("username"),
          parameter("principal"),
          parameter("unsecuredLoginStringClaim_sub"),
          parameter("clientId"));

  private ClientPrincipal() {}

  /** The principal; empty if the properties do not contain it. */
  static Optional<String> of(KafkaProperties properties) {
    String protocol = properties.get("security.protocol");
    return switch (protocol == null ? "PLAINTEXT" : protocol.toUpperCase(Locale.ROOT)) {
      case "PLAINTEXT" -> Optional.of(TYPE + "ANONYMOUS");
      case "SSL" -> subject(properties).map(name -> TYPE + name);
      default -> named(properties).map(name -> TYPE + name);
    };
  }

  private static Optional<String> named(KafkaProperties properties) {
    String jaas = properties.get("sasl.jaas.config");
    if (jaas != null) {
      for (Pattern parameter : IN_JAAS) {
        Matcher matcher = parameter.matcher(jaas);
        if (matcher.find()) {
          return Optional.of(matcher.group(1));
        }
      }
    }
    return Optional.ofNullable(properties.get("sasl.oauthbearer.client.credentials.client.id"));
  }

  /** The subject of the client's certificate; anonymous without one. */
  private static Optional<String> subject(KafkaProperties properties) {
    String file = properties.get("ssl.keystore.location");
    if (file == null) {
      return properties.get("ssl.keystore.certificate.chain") == null
          ? Optional.of("ANONYMOUS")
          : Optional.empty();
    }
    String type = properties.get("ssl.keystore.type");
    String password = properties.get("ssl.keystore.password");
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      KeyStore store = KeyStore.getInstance(type == null ? "JKS" : type);
      store.load(in, password == null ? null : password.toCharArray());
      return Collections.list(store.aliases()).stream()
          .map(alias -> certificate(store, alias))
          .filter(java.util.Objects::nonNull)
          .map(certificate -> certificate.getSubjectX500Principal().getName())
          .findFirst();
    } catch (IOException | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  private static @Nullable X509Certificate certificate(KeyStore store, String alias) {
    try {
      return store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate own
          ? own
          : null;
    } catch (GeneralSecurityException e) {
      return null;
    }
  }

  private static Pattern parameter(String name) {
    return Pattern.compile("\\b" + name + "\\s*=\\s*[\"']?([^\"'\\s;]+)");
  }
}
