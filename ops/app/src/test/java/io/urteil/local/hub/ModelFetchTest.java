package io.urteil.local.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.urteil.file.FileRoots;
import io.urteil.file.HubCache;
import io.urteil.file.ModelName;
import io.urteil.local.arithmetic.SeedJudge;
import io.urteil.model.ModelDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ModelFetchTest {

  private static final ModelName NAME = new ModelName("org", "tiny", ModelName.MAIN);
  private static final String WEIGHTS = "model.safetensors";

  private final Path directory;
  private final Path cache;
  private final StubHub hub = new StubHub();

  ModelFetchTest(@TempDir Path directory) throws IOException {
    Path model = directory.resolve("model");
    SeedJudge.copyTo(model);
    this.directory = directory;
    this.cache = directory.resolve("hub");
    hub.with(model)
        .with("README.md", "# tiny")
        .with("pytorch_model.bin", "pickle")
        .with("model.gguf", "GGUF")
        .with("onnx/model.onnx", "onnx");
  }

  @AfterEach
  void close() {
    hub.close();
  }

  private HubCache.Snapshot fetch() throws IOException {
    return fetch(hub.settings(cache));
  }

  private static HubCache.Snapshot fetch(HubSettings settings) throws IOException {
    return new ModelFetch(settings, FetchProgress.NONE, shape -> {}).fetch(NAME);
  }

  private String blob(String file) {
    return file.endsWith(".safetensors")
        ? StubHub.sha256(hub.file(file))
        : StubHub.gitHash(hub.file(file));
  }

  @Test
  void shouldWriteTheLayoutOfTheHubsOwnClient() throws IOException {
    // When
    HubCache.Snapshot fetched = fetch();

    // Then
    Path folder = cache.resolve("models--org--tiny");
    assertThat(fetched.directory()).isEqualTo(folder.resolve("snapshots").resolve(StubHub.COMMIT));
    assertThat(folder.resolve("refs/main")).hasContent(StubHub.COMMIT);
    List<String> files = StubHub.tree(fetched.directory());
    assertThat(files)
        .contains("config.json", WEIGHTS, "tokenizer.json", "judge-prompt.yaml")
        .doesNotContain("README.md", "pytorch_model.bin", "model.gguf");
    for (String file : files) {
      Path link = fetched.directory().resolve(file);
      assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("../../blobs", blob(file)));
      assertThat(link).hasBinaryContent(hub.file(file));
    }
    assertThat(StubHub.tree(folder.resolve("blobs")))
        .containsExactlyInAnyOrderElementsOf(files.stream().map(this::blob).toList());
    assertThat(ModelDirectory.open(fetched.directory()).config().modelType()).isNotEmpty();
    assertThat(FileRoots.any().with(new HubCache(cache)).requireModel("model", Path.of("org/tiny")))
        .isEqualTo(fetched.directory());
  }

  @Test
  void shouldSendTheTokenToTheHubAlone() throws IOException {
    // When
    fetch();

    // Then
    assertThat(hub.requests())
        .filteredOn(StubHub.Request::storage)
        .isNotEmpty()
        .allSatisfy(request -> assertThat(request.authorization()).isNull());
    assertThat(hub.requests())
        .filteredOn(request -> !request.storage())
        .allSatisfy(request -> assertThat(request.authorization()).isEqualTo("Bearer hf_secret"));
  }

  @Test
  void shouldDownloadNothingTwice() throws IOException {
    // Given
    HubCache.Snapshot first = fetch();
    int before = hub.requests().size();

    // When
    HubCache.Snapshot second = fetch();

    // Then: only the listing is asked for again
    assertThat(second).isEqualTo(first);
    assertThat(hub.requests()).hasSize(before + 1);
  }

  @Test
  void shouldDownloadADamagedFileAgain() throws IOException {
    // Given
    HubCache.Snapshot first = fetch();
    Path weights = first.directory().resolve(WEIGHTS).toRealPath();
    Files.write(weights, new byte[100]);

    // When
    fetch();

    // Then
    assertThat(weights).hasBinaryContent(hub.file(WEIGHTS));
  }

  @Test
  void shouldResumeACutDownloadWhereItEnded() throws IOException {
    // Given: a third of the weights arrives on each connection
    int third = hub.file(WEIGHTS).length / 3 + 1;
    hub.fault(
        (exchange, storage) -> {
          if (storage) {
            StubHub.cut(exchange, hub.file(WEIGHTS), third);
          }
          return storage;
        });

    // When
    HubCache.Snapshot fetched = fetch();

    // Then
    assertThat(fetched.directory().resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
    assertThat(hub.requests())
        .filteredOn(StubHub.Request::storage)
        .extracting(request -> start(request.range()))
        .hasSizeGreaterThanOrEqualTo(3)
        .isSorted()
        .doesNotHaveDuplicates()
        .first()
        .isEqualTo(0L);
  }

  @Test
  void shouldReportACutDownloadAndResumeItByTheSameCommand() throws IOException {
    // Given
    AtomicInteger calls = new AtomicInteger();
    hub.fault(
        (exchange, storage) -> {
          if (storage) {
            StubHub.cut(exchange, hub.file(WEIGHTS), calls.getAndIncrement() == 0 ? 1000 : 0);
          }
          return storage;
        });

    // When
    Throwable cut = Objects.requireNonNull(catchThrowable(this::fetch), "cut");

    // Then: the client may lose what it has not delivered when the connection ends
    assertThat(cut)
        .isInstanceOf(HubException.class)
        .hasMessageMatching(
            "model 'org/tiny': \\d+ of %d bytes of model.safetensors arrived before the connection ended \\(expected: all; the same command resumes\\)"
                .formatted(hub.file(WEIGHTS).length));
    assertThat(kind(cut)).isEqualTo(HubException.Kind.TRANSFER);
    assertThat(new HubCache(cache).snapshot(NAME)).isEmpty();
    long arrived =
        Long.parseLong(String.valueOf(cut.getMessage()).replaceAll(".*: (\\d+) of .*", "$1"));
    hub.mend();
    fetch();
    assertThat(start(hub.requests().getLast().range())).isEqualTo(arrived);
    assertThat(StubHub.tree(cache)).noneMatch(name -> name.endsWith("incomplete"));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 416})
  void shouldStartAgainWhereTheServerDoesNotResume(int status) throws IOException {
    // Given
    Path blobs = Files.createDirectories(cache.resolve("models--org--tiny/blobs"));
    Path partial = BlobDownload.partial(blobs.resolve(blob(WEIGHTS)));
    Files.write(partial, new byte[1000]);
    hub.fault(
        (exchange, storage) -> {
          boolean ranged = storage && exchange.getRequestHeaders().containsKey("Range");
          if (ranged && status == 200) {
            exchange.sendResponseHeaders(200, hub.file(WEIGHTS).length);
            exchange.getResponseBody().write(hub.file(WEIGHTS));
          } else if (ranged) {
            exchange.sendResponseHeaders(416, -1);
          }
          return ranged;
        });

    // When
    HubCache.Snapshot fetched = fetch();

    // Then
    assertThat(fetched.directory().resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
  }

  @Test
  void shouldDownloadOnceMoreWhenTheBytesOfAnEarlierDownloadAreWrong() throws IOException {
    // Given
    Path blobs = Files.createDirectories(cache.resolve("models--org--tiny/blobs"));
    Path partial = BlobDownload.partial(blobs.resolve(blob(WEIGHTS)));
    Files.write(partial, new byte[1000]);

    // When
    HubCache.Snapshot fetched = fetch();

    // Then
    assertThat(fetched.directory().resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
  }

  @Test
  void shouldNeverPlaceAFileWithAnotherHash() throws IOException {
    // Given
    byte[] other = hub.file(WEIGHTS).clone();
    other[other.length / 2] ^= 1;
    hub.fault(
        (exchange, storage) -> {
          if (storage) {
            StubHub.content(exchange, other);
          }
          return storage;
        });

    // When / Then
    assertThatThrownBy(this::fetch)
        .hasMessage(
            "model 'org/tiny': model.safetensors arrived with the hash %s (expected: %s; it was removed)"
                .formatted(StubHub.sha256(other), blob(WEIGHTS)));
    assertThat(cache.resolve("models--org--tiny/blobs").resolve(blob(WEIGHTS))).doesNotExist();
    assertThat(StubHub.tree(cache)).noneMatch(name -> name.endsWith("incomplete"));
    assertThat(cache.resolve("models--org--tiny/refs/main")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource({
    "401, GatedRepo, model 'org/tiny' is gated and the account of the token has no access",
    "403, GatedRepo, model 'org/tiny' is gated and the account of the token has no access",
    "401, RepoNotFound, model 'org/tiny' is not on ",
    "404, RepoNotFound, model 'org/tiny' is not on ",
    "404, '', model 'org/tiny' is not on ",
    "404, RevisionNotFound, model 'org/tiny' has no revision 'main'",
  })
  void shouldExplainARefusalInOneSentence(int status, String code, String message) {
    // Given
    hub.fault(
        (exchange, storage) -> {
          StubHub.refuse(exchange, status, code);
          return true;
        });

    // When / Then
    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageStartingWith(message)
        .hasMessageContaining("(expected: ")
        .hasMessageNotContaining("hf_secret")
        .hasMessageNotContaining("\n")
        .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(HubException.Kind.REQUEST));
    assertThat(hub.requests()).hasSize(1);
  }

  @Test
  void shouldAskForATokenWhenAModelIsGatedAndThereIsNone() {
    // Given
    hub.fault(
        (exchange, storage) -> {
          StubHub.refuse(exchange, 401, "GatedRepo");
          return true;
        });
    HubSettings with = hub.settings(cache);
    HubSettings without =
        new HubSettings(
            with.endpoint(), with.cache(), Optional.empty(), false, with.silence(), with.backOff());

    // When / Then
    assertThatThrownBy(() -> fetch(without))
        .hasMessage(
            "model 'org/tiny' is gated (expected: HF_TOKEN with the token of an account that accepted the conditions at %s/org/tiny)"
                .formatted(with.endpoint()));
    assertThat(hub.requests()).allMatch(request -> request.authorization() == null);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 500, 502, 503, 504})
  void shouldRetryABusyServer(int status) throws IOException {
    // Given: every second request is refused
    AtomicInteger calls = new AtomicInteger();
    hub.fault(
        (exchange, storage) -> {
          boolean busy = calls.getAndIncrement() % 2 == 0;
          if (busy) {
            exchange.getResponseHeaders().set("Retry-After", "0");
            exchange.sendResponseHeaders(status, -1);
          }
          return busy;
        });

    // When
    HubCache.Snapshot fetched = fetch();

    // Then
    assertThat(ModelDirectory.open(fetched.directory()).weights()).isNotEmpty();
  }

  @Test
  void shouldWaitAsLongAsABusyServerAsks() throws IOException {
    // Given
    AtomicInteger calls = new AtomicInteger();
    hub.fault(
        (exchange, storage) -> {
          boolean busy = calls.getAndIncrement() == 0;
          if (busy) {
            exchange.getResponseHeaders().set("RateLimit", "\"api\";r=0;t=1");
            exchange.sendResponseHeaders(429, -1);
          }
          return busy;
        });
    long begin = System.nanoTime();

    // When
    fetch();

    // Then
    assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(1_000_000_000L);
  }

  @Test
  void shouldNotWaitForHours() {
    // Given
    hub.fault(
        (exchange, storage) -> {
          exchange.getResponseHeaders().set("Retry-After", "3600");
          exchange.sendResponseHeaders(503, -1);
          return true;
        });

    // When / Then
    assertThatThrownBy(this::fetch)
        .hasMessageContaining("answers 503 and asks to wait 3600 s")
        .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(HubException.Kind.UNREACHABLE));
    assertThat(hub.requests()).hasSize(1);
  }

  @Test
  void shouldReportAnAbsentServer() {
    // Given
    HubSettings settings = hub.settings(cache);
    hub.close();

    // When / Then
    assertThatThrownBy(() -> fetch(settings))
        .hasMessageStartingWith("no answer from " + settings.endpoint())
        .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(HubException.Kind.UNREACHABLE));
  }

  @Test
  void shouldContinueWhenAConnectionIsSilent() throws IOException {
    // Given
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch end = new CountDownLatch(1);
    hub.fault(
        (exchange, storage) -> {
          boolean silent = storage && calls.getAndIncrement() == 0;
          if (silent) {
            StubHub.cut(exchange, hub.file(WEIGHTS), 500);
            await(end);
          }
          return silent;
        });
    HubSettings settings = hub.settings(cache);

    // When
    HubCache.Snapshot fetched =
        fetch(
            new HubSettings(
                settings.endpoint(),
                settings.cache(),
                settings.token(),
                false,
                java.time.Duration.ofMillis(300),
                settings.backOff()));
    end.countDown();

    // Then
    assertThat(fetched.directory().resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
  }

  @Test
  void shouldUseTheCacheAloneWhenOffline() throws IOException {
    // Given
    HubCache.Snapshot fetched = fetch();
    int before = hub.requests().size();
    HubSettings online = hub.settings(cache);
    HubSettings offline =
        new HubSettings(
            online.endpoint(),
            online.cache(),
            online.token(),
            true,
            online.silence(),
            online.backOff());

    // When / Then
    assertThat(fetch(offline)).isEqualTo(fetched);
    assertThatThrownBy(
            () ->
                new ModelFetch(offline, FetchProgress.NONE, shape -> {})
                    .fetch(new ModelName("org", "other", "main")))
        .hasMessage(
            "model 'org/other' is not in the cache %s and HF_HUB_OFFLINE is set (expected: a cached model, or to be online)"
                .formatted(cache));
    assertThat(hub.requests()).hasSize(before);
  }

  @Test
  void shouldRejectARepositoryWithGgufOnlyAndNameItsBaseModel() {
    // Given
    hub.without(WEIGHTS)
        .without("pytorch_model.bin")
        .without("onnx/model.onnx")
        .listing("cardData", java.util.Map.of("base_model", List.of("org/original")));

    // When / Then
    assertThatThrownBy(this::fetch)
        .hasMessage(
            "model 'org/tiny' has no model.safetensors, only .gguf files (expected: a repository with config.json, tokenizer.json and weights in safetensors; its card names the base model org/original)")
        .satisfies(thrown -> assertThat(kind(thrown)).isEqualTo(HubException.Kind.MODEL));
  }

  @Test
  void shouldRejectAnotherArchitectureBeforeItsWeights() {
    // Given
    hub.with("config.json", "{\"model_type\": \"mixtral\", \"architectures\": [\"Mixtral\"]}");

    // When / Then
    assertThatThrownBy(this::fetch)
        .hasMessageStartingWith("model 'org/tiny' is not of an architecture that is served here: ")
        .hasMessageContaining("model_type: 'mixtral' (expected: one of")
        .hasMessageNotContaining("\n");
    assertThat(hub.requests()).noneMatch(StubHub.Request::storage);
  }

  @Test
  void shouldDownloadShardsThatTheIndexNames() throws IOException {
    // Given
    byte[] weights = hub.file(WEIGHTS);
    hub.without(WEIGHTS)
        .with("model-00001-of-00001.safetensors", weights)
        .with("consolidated.safetensors", "other")
        .with(
            "model.safetensors.index.json",
            "{\"weight_map\": {\"x\": \"model-00001-of-00001.safetensors\"}}");

    // When
    HubCache.Snapshot fetched = fetch();

    // Then
    assertThat(StubHub.tree(fetched.directory()))
        .contains("model-00001-of-00001.safetensors", "model.safetensors.index.json")
        .doesNotContain("consolidated.safetensors");
    assertThat(ModelDirectory.open(fetched.directory()).weights()).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../../evil.safetensors",
        "/etc/passwd",
        "a/b.safetensors",
        "notes.txt",
        "..safetensors",
        "missing.safetensors"
      })
  void shouldRejectAnIndexThatNamesAnotherPlace(String shard) throws IOException {
    // Given
    hub.without(WEIGHTS)
        .with(shard.equals("missing.safetensors") ? "other.txt" : shard, "evil")
        .with("model.safetensors.index.json", "{\"weight_map\": {\"x\": \"" + shard + "\"}}");

    // When / Then
    assertThatThrownBy(this::fetch)
        .hasMessage(
            "model 'org/tiny': model.safetensors.index.json names the file '%s' (expected: a .safetensors file at the top of the repository)"
                .formatted(shard));
    assertThat(StubHub.tree(directory)).noneMatch(name -> name.endsWith("evil.safetensors"));
  }

  @Test
  void shouldDownloadOnceWhenTwoFetchAtTheSameTime() throws Exception {
    // Given
    List<String> waits = Collections.synchronizedList(new ArrayList<>());
    FetchProgress watching =
        new FetchProgress() {
          @Override
          public void bytes(long done, long total) {}

          @Override
          public void waiting() {
            waits.add("waiting");
          }
        };
    CountDownLatch both = new CountDownLatch(1);
    hub.fault(
        (exchange, storage) -> {
          if (storage) {
            await(both);
          }
          return false;
        });

    // When
    HubSettings settings = hub.settings(cache);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<HubCache.Snapshot>> fetches = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        fetches.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return new ModelFetch(settings, watching, shape -> {}).fetch(NAME);
                  } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                  }
                },
                threads));
      }
      while (waits.isEmpty()) {
        Thread.sleep(5);
      }
      both.countDown();

      // Then
      assertThat(fetches.getFirst().get()).isEqualTo(fetches.getLast().get());
    }
    assertThat(hub.requests()).filteredOn(StubHub.Request::storage).hasSize(1);
  }

  @Test
  void shouldFollowARenamedModelAndNoRedirectToAnotherScheme() throws IOException {
    // Given
    hub.fault(
        (exchange, storage) -> {
          boolean old = exchange.getRequestURI().getPath().startsWith("/api/models/org/old/");
          if (old) {
            exchange
                .getResponseHeaders()
                .set("Location", "/api/models/org/tiny/revision/main?blobs=true");
            exchange.sendResponseHeaders(307, -1);
          }
          boolean oldFile = exchange.getRequestURI().getPath().startsWith("/org/old/");
          if (oldFile) {
            exchange
                .getResponseHeaders()
                .set(
                    "Location",
                    exchange.getRequestURI().getPath().replace("/org/old/", "/org/tiny/"));
            exchange.sendResponseHeaders(307, -1);
          }
          return old || oldFile;
        });

    // When
    HubCache.Snapshot fetched =
        new ModelFetch(hub.settings(cache), FetchProgress.NONE, shape -> {})
            .fetch(new ModelName("org", "old", "main"));

    // Then
    assertThat(fetched.directory().resolve(WEIGHTS)).hasBinaryContent(hub.file(WEIGHTS));
    hub.mend();
    hub.fault(
        (exchange, storage) -> {
          exchange.getResponseHeaders().set("Location", "file:///etc/passwd");
          exchange.sendResponseHeaders(302, -1);
          return true;
        });
    assertThatThrownBy(this::fetch).hasMessageContaining("a redirect to 'file:///etc/passwd'");
  }

  @Test
  void shouldRefuseADownloadThatTheDiskHasNoRoomFor() throws IOException {
    // Given: a file that is larger than any disk
    hub.fault(
        (exchange, storage) -> {
          boolean head =
              exchange.getRequestMethod().equals("HEAD")
                  && exchange.getRequestURI().getPath().endsWith(WEIGHTS);
          if (head) {
            exchange.getResponseHeaders().set("X-Linked-Etag", "\"" + blob(WEIGHTS) + "\"");
            exchange.getResponseHeaders().set("X-Linked-Size", "100000000000000000");
            exchange.getResponseHeaders().set("Location", "http://127.0.0.1:1/x");
            exchange.sendResponseHeaders(302, -1);
          }
          return head;
        });

    // When / Then
    assertThatThrownBy(this::fetch)
        .hasMessageMatching(
            "model 'org/tiny': 100000000\\.00 GB to download and .* GB free in .* \\(expected: .* GB more; HF_HOME names another place\\)");
  }

  @Test
  void shouldReportTheShapeBeforeTheWeightsAndTheBytesOfAll() throws IOException {
    // Given
    List<String> seen = new ArrayList<>();
    FetchProgress watching =
        new FetchProgress() {
          private long last;

          @Override
          public void bytes(long done, long total) {
            assertThat(done).isBetween(last, total);
            last = done;
            seen.add(done + "/" + total);
          }

          @Override
          public void waiting() {}
        };

    // When
    HubCache.Snapshot fetched =
        new ModelFetch(
                hub.settings(cache),
                watching,
                shape -> assertThat(hub.requests()).noneMatch(StubHub.Request::storage))
            .fetch(NAME);

    // Then
    long all = 0;
    for (String file : StubHub.tree(fetched.directory())) {
      all += hub.file(file).length;
    }
    assertThat(seen).last().isEqualTo(all + "/" + all);
  }

  /** The first byte that a Range asks for. */
  private static long start(@Nullable String range) {
    return range == null ? 0 : Long.parseLong(range.replaceAll("\\D", ""));
  }

  private static HubException.Kind kind(Throwable thrown) {
    return ((HubException) thrown).kind();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
