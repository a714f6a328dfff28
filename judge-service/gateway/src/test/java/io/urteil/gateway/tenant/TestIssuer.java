package io.urteil.gateway.tenant;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.EllipticCurveJsonWebKey;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.PublicJsonWebKey;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/** An OpenID Connect provider on the loopback interface: discovery, key set, and signed tokens. */
final class TestIssuer implements AutoCloseable {

  static final String AUDIENCE = "urteil";
  static final long NOW = 1_900_000_000;
  private static final int HOUR = 3_600;

  private final HttpServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private volatile String keySet = "{\"keys\": []}";
  private volatile @Nullable String description;
  private volatile int status = 200;

  TestIssuer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          String path = exchange.getRequestURI().getPath();
          requests.add(path);
          String described = description == null ? description(url() + "/keys") : description;
          byte[] body = (path.endsWith("/keys") ? keySet : described).getBytes(UTF_8);
          exchange.getResponseHeaders().add("Location", url() + "/keys");
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
  }

  String url() {
    return "http://127.0.0.1:%d/realm".formatted(server.getAddress().getPort());
  }

  /** Paths that were asked for. */
  List<String> requests() {
    return requests;
  }

  /** The description with another place of the key set. */
  String description(String keys) {
    return "{\"issuer\": \"%s\", \"jwks_uri\": \"%s\"}".formatted(url(), keys);
  }

  void describe(String text) {
    description = text;
  }

  void answer(int code) {
    status = code;
  }

  /** The keys of now. */
  void publish(PublicJsonWebKey... keys) {
    keySet =
        "{\"keys\": [%s]}"
            .formatted(
                String.join(
                    ",",
                    List.of(keys).stream()
                        .map(key -> key.toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY))
                        .toList()));
  }

  void publish(String text) {
    keySet = text;
  }

  static PublicJsonWebKey key(String id) {
    try {
      EllipticCurveJsonWebKey key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
      key.setKeyId(id);
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Claims as they should be, of this subject and an hour from {@link #NOW}. */
  JwtClaims claims(String subject) {
    JwtClaims claims = new JwtClaims();
    claims.setIssuer(url());
    claims.setSubject(subject);
    claims.setAudience("other", AUDIENCE);
    claims.setExpirationTime(NumericDate.fromSeconds(NOW + HOUR));
    return claims;
  }

  static String token(JwtClaims claims, PublicJsonWebKey key, String algorithm) {
    try {
      JsonWebSignature token = new JsonWebSignature();
      token.setPayload(claims.toJson());
      token.setKey(key.getPrivateKey());
      token.setKeyIdHeaderValue(key.getKeyId());
      token.setAlgorithmHeaderValue(algorithm);
      return token.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
