package io.urteil.local.hub;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.urteil.file.HubCache;
import io.urteil.file.ModelName;
import io.urteil.local.arithmetic.SeedJudge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Answers of a hub that are damaged at random: each fetch is right, or fails in one sentence. */
class DamagedAnswersTest {

  private static final ModelName NAME = new ModelName("org", "tiny", ModelName.MAIN);
  private static @Nullable Path place;

  /** What happens to one answer. */
  enum Damage {
    NONE,
    STATUS_200_EMPTY,
    STATUS_404,
    STATUS_500,
    STATUS_206_WRONG_RANGE,
    NO_JSON,
    JSON_WITHOUT_FIELDS,
    HOSTILE_NAMES,
    REDIRECT_LOOP,
    REDIRECT_NOWHERE,
    ETAG_PATH,
    CUT,
    WRONG_BYTES
  }

  @BeforeContainer
  static void prepare() throws IOException {
    place = Files.createTempDirectory("damaged");
    SeedJudge.copyTo(place.resolve("model"));
  }

  @AfterContainer
  static void remove() throws IOException {
    delete(directory());
  }

  private static Path directory() {
    return java.util.Objects.requireNonNull(place, "place");
  }

  @Property(tries = 40)
  void shouldBeCompleteOrFailInOneSentence(@ForAll("damages") List<Damage> damages)
      throws IOException {
    // Given
    Path own = Files.createTempDirectory(directory(), "cache");
    Path cache = own.resolve("hub");
    AtomicInteger calls = new AtomicInteger();
    try (StubHub hub = new StubHub().with(directory().resolve("model"))) {
      hub.fault(
          (exchange, storage) -> {
            int call = calls.getAndIncrement();
            return call < damages.size() && damage(damages.get(call), exchange);
          });
      HubSettings settings = hub.settings(cache);
      HubSettings quick =
          new HubSettings(
              settings.endpoint(),
              settings.cache(),
              settings.token(),
              false,
              settings.silence(),
              Duration.ofNanos(1));

      // When
      String failure = null;
      try {
        new ModelFetch(quick, FetchProgress.NONE, shape -> {}).fetch(NAME);
      } catch (HubException e) {
        failure = e.getMessage();
      }

      // Then
      if (failure != null) {
        assertThat(failure)
            .contains("(expected: ")
            .doesNotContain("\n")
            .doesNotContain("hf_secret");
        assertThat(new HubCache(cache).commit(NAME)).isEmpty();
        hub.mend();
        new ModelFetch(quick, FetchProgress.NONE, shape -> {}).fetch(NAME);
      }
      Path snapshot = new HubCache(cache).snapshot(NAME).orElseThrow();
      for (String file : StubHub.tree(snapshot)) {
        assertThat(snapshot.resolve(file)).hasBinaryContent(hub.file(file));
      }
      assertThat(StubHub.tree(directory())).noneMatch(name -> name.contains("escaped"));
    } finally {
      delete(own);
    }
  }

  private static boolean damage(Damage damage, HttpExchange exchange) throws IOException {
    byte[] noise = "noise noise noise".getBytes(StandardCharsets.UTF_8);
    switch (damage) {
      case NONE -> {
        return false;
      }
      case STATUS_200_EMPTY -> exchange.sendResponseHeaders(200, -1);
      case STATUS_404 -> StubHub.refuse(exchange, 404, "EntryNotFound");
      case STATUS_500 -> exchange.sendResponseHeaders(500, -1);
      case STATUS_206_WRONG_RANGE -> {
        exchange.getResponseHeaders().set("Content-Range", "bytes 7-9/10");
        exchange.sendResponseHeaders(206, -1);
      }
      case NO_JSON -> StubHub.content(exchange, noise);
      case JSON_WITHOUT_FIELDS ->
          StubHub.content(exchange, "{\"siblings\": 7}".getBytes(StandardCharsets.UTF_8));
      case HOSTILE_NAMES ->
          StubHub.content(
              exchange,
              ("{\"sha\": \"../../escaped\", \"siblings\": [{\"rfilename\":"
                      + " \"../escaped/config.json\", \"size\": -5}]}")
                  .getBytes(StandardCharsets.UTF_8));
      case REDIRECT_LOOP -> {
        exchange.getResponseHeaders().set("Location", exchange.getRequestURI().toString());
        exchange.sendResponseHeaders(302, -1);
      }
      case REDIRECT_NOWHERE -> exchange.sendResponseHeaders(302, -1);
      case ETAG_PATH -> {
        exchange.getResponseHeaders().set("ETag", "\"../../../escaped\"");
        exchange.getResponseHeaders().set("Content-Length", "5");
        exchange.sendResponseHeaders(200, -1);
      }
      case CUT -> StubHub.cut(exchange, noise, 5);
      case WRONG_BYTES -> StubHub.content(exchange, new byte[4000]);
    }
    return true;
  }

  @Provide
  Arbitrary<List<Damage>> damages() {
    Arbitrary<Damage> some =
        Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(3, Arbitraries.just(Damage.NONE)),
            net.jqwik.api.Tuple.of(2, Arbitraries.of(Damage.class)));
    return some.list().ofMaxSize(14);
  }

  private static void delete(Path tree) throws IOException {
    try (var all = Files.walk(tree)) {
      all.sorted(java.util.Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    }
  }
}
