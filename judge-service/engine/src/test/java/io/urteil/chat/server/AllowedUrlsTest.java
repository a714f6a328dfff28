package io.urteil.chat.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedUrlsTest {

  private static final AllowedUrls URLS =
      AllowedUrls.of(List.of("http://judges.lan:8000/v1", "https://*.example.com"));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://judges.lan:8000/v1",
        "http://JUDGES.lan:8000/v1/",
        "http://judges.lan:8000/v1/team",
        "https://a.example.com/v1",
        "https://b.a.example.com:443/v1"
      })
  void shouldAllowWhatTheOperatorNames(String url) {
    // When / Then
    assertThat(URLS.allow(url)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://judges.lan/v1",
        "http://judges.lan:8001/v1",
        "https://judges.lan:8000/v1",
        "http://judges.lan:8000/v10",
        "http://judges.lan:8000/v1/../admin",
        "http://judges.lan:8000/v1/%2e%2e/admin",
        "http://judges.lan:8000/",
        "http://judges.lan.evil.test:8000/v1",
        "http://judges.lan:8000@evil.test/v1",
        "http://evil.test/http://judges.lan:8000/v1",
        "http://evil.test#http://judges.lan:8000/v1",
        "https://example.com/v1",
        "https://evilexample.com/v1",
        "https://example.com.evil.test/v1",
        "https://user@a.example.com/v1",
        "file:///etc/passwd",
        "http:judges.lan:8000/v1",
        "//judges.lan:8000/v1",
        "not a url",
        ""
      })
  void shouldRefuseEveryOther(String url) {
    // When / Then
    assertThat(URLS.allow(url)).isFalse();
    assertThat(AllowedUrls.none().allow(url)).isFalse();
  }

  @Test
  void shouldNameWhatIsNoUrl() {
    // When / Then
    assertThatThrownBy(() -> AllowedUrls.of(List.of("*", "ftp://x", "https://ok.example")))
        .hasMessageContainingAll("'*' (expected: a URL such as", "'ftp://x'")
        .hasMessageNotContaining("ok.example");
  }

  /** An independent statement of the rule: what the JDK's client would connect to. */
  @Property(tries = 2_000)
  void shouldNeverAllowAnotherHostPortSchemeOrFolder(@ForAll("urls") String text) {
    // When
    boolean allowed = URLS.allow(text);

    // Then
    if (allowed) {
      URI url = URI.create(text);
      boolean judges =
          url.getScheme().equalsIgnoreCase("http")
              && url.getHost().equalsIgnoreCase("judges.lan")
              && url.getPort() == 8000
              && (url.normalize().getPath() + "/").startsWith("/v1/");
      boolean domain =
          url.getScheme().equalsIgnoreCase("https")
              && url.getHost().toLowerCase(java.util.Locale.ROOT).endsWith(".example.com")
              && (url.getPort() == -1 || url.getPort() == 443);
      assertThat(judges || domain).as(text).isTrue();
    }
  }

  @Provide
  Arbitrary<String> urls() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "http",
            "https",
            "HTTP",
            "file",
            ":",
            "//",
            "/",
            "@",
            "#",
            "?",
            "\\",
            "..",
            "%2e",
            "%2f",
            "judges.lan",
            "evil.test",
            "example.com",
            ".",
            ":8000",
            ":443",
            ":80",
            "v1",
            "V1",
            " ",
            "\u0000",
            "[::1]",
            "127.0.0.1",
            "user");
    Arbitrary<String> free = pieces.list().ofMaxSize(9).map(list -> String.join("", list));
    Arbitrary<String> near =
        Combinators.combine(
                Arbitraries.of("http://", "https://"),
                Arbitraries.of("", "user@", "judges.lan:8000@", "a."),
                Arbitraries.of("judges.lan", "example.com", "evil.test"),
                Arbitraries.of("", ":8000", ":443", ".evil.test:8000"),
                pieces.list().ofMaxSize(4).map(list -> "/v1" + String.join("", list)))
            .as((scheme, user, host, port, path) -> scheme + user + host + port + path);
    return Arbitraries.oneOf(free, near);
  }
}
