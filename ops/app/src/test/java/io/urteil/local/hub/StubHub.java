package io.urteil.local.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.urteil.file.HubCache;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * A hub with one model, {@code org/tiny}. Weights are redirected to another host, another port of
 * this machine. A fault may answer a request instead.
 */
public final class StubHub implements AutoCloseable {

  public static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Answers a request, or leaves it to the stub. */
  interface Fault {
    boolean answers(HttpExchange exchange, boolean storage) throws IOException;
  }

  /** A request as it arrived. */
  public record Request(
      String method,
      String path,
      boolean storage,
      @Nullable String authorization,
      @Nullable String range) {}

  private final HttpServer hub;
  private final HttpServer storage;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, byte[]> files = new TreeMap<>();
  private final Map<String, Object> listing = new TreeMap<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Fault> faults = new CopyOnWriteArrayList<>();

  public StubHub() throws IOException {
    hub = server(false);
    storage = server(true);
  }

  private HttpServer server(boolean isStorage) throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", exchange -> handle(exchange, isStorage));
    server.start();
    return server;
  }

  /** Adds the files of a directory. */
  public StubHub with(Path directory) throws IOException {
    try (var all = Files.list(directory)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
      }
    }
    return this;
  }

  StubHub with(String name, byte[] content) {
    files.put(name, content);
    return this;
  }

  StubHub with(String name, String content) {
    return with(name, content.getBytes(StandardCharsets.UTF_8));
  }

  StubHub without(String name) {
    files.remove(name);
    return this;
  }

  /** A further field of the listing. */
  StubHub listing(String field, Object value) {
    listing.put(field, value);
    return this;
  }

  StubHub fault(Fault fault) {
    faults.add(fault);
    return this;
  }

  void mend() {
    faults.clear();
  }

  public List<Request> requests() {
    return List.copyOf(requests);
  }

  byte[] file(String name) {
    byte[] content = files.get(name);
    if (content == null) {
      throw new IllegalArgumentException(name);
    }
    return content;
  }

  /** The address of the hub. */
  public URI endpoint() {
    return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
  }

  /** Settings that use this hub and a cache. */
  public HubSettings settings(Path cache) {
    return new HubSettings(
        endpoint(),
        new HubCache(cache),
        Optional.of("hf_secret"),
        false,
        Duration.ofSeconds(2),
        Duration.ofMillis(2));
  }

  private void handle(HttpExchange exchange, boolean isStorage) throws IOException {
    try (exchange) {
      Headers headers = exchange.getRequestHeaders();
      requests.add(
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              isStorage,
              headers.getFirst("Authorization"),
              headers.getFirst("Range")));
      for (Fault fault : faults) {
        if (fault.answers(exchange, isStorage)) {
          return;
        }
      }
      answer(exchange, isStorage);
    }
  }

  private void answer(HttpExchange exchange, boolean isStorage) throws IOException {
    String path = exchange.getRequestURI().getPath();
    if (isStorage) {
      content(exchange, file(path.substring(1)));
    } else if (path.equals("/api/models/org/tiny/revision/main")
        || path.equals("/api/models/org/tiny/revision/" + COMMIT)) {
      content(exchange, listed().toString().getBytes(StandardCharsets.UTF_8));
    } else if (path.startsWith("/api/models/org/tiny/")) {
      refuse(exchange, 404, "RevisionNotFound");
    } else if (path.startsWith("/org/tiny/resolve/" + COMMIT + "/")) {
      String file = path.substring(path.lastIndexOf('/') + 1);
      if (files.containsKey(file)) {
        resolve(exchange, file);
      } else {
        refuse(exchange, 404, "EntryNotFound");
      }
    } else {
      refuse(exchange, 401, "RepoNotFound");
    }
  }

  private ObjectNode listed() {
    ObjectNode root = JSON.createObjectNode().put("id", "org/tiny").put("sha", COMMIT);
    var siblings = root.putArray("siblings");
    files.forEach(
        (name, bytes) -> siblings.addObject().put("rfilename", name).put("size", bytes.length));
    listing.forEach((field, value) -> root.set(field, JSON.valueToTree(value)));
    return root;
  }

  private void resolve(HttpExchange exchange, String file) throws IOException {
    byte[] content = file(file);
    Headers headers = exchange.getResponseHeaders();
    headers.set("X-Repo-Commit", COMMIT);
    if (file.endsWith(".safetensors")) {
      headers.set("X-Linked-Etag", "\"" + sha256(content) + "\"");
      headers.set("X-Linked-Size", Integer.toString(content.length));
      headers.set(
          "Location",
          "http://127.0.0.1:%d/%s?signature=s".formatted(storage.getAddress().getPort(), file));
      exchange.sendResponseHeaders(302, -1);
    } else {
      headers.set("ETag", "\"" + gitHash(content) + "\"");
      content(exchange, content);
    }
  }

  /** Answers with content, or the part that a Range asks for. */
  static void content(HttpExchange exchange, byte[] content) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (from > 0 && from >= content.length) {
      exchange.sendResponseHeaders(416, -1);
      return;
    }
    byte[] body = Arrays.copyOfRange(content, from, content.length);
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(200, -1);
      return;
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  static void refuse(HttpExchange exchange, int status, String code) throws IOException {
    exchange.getResponseHeaders().set("X-Error-Code", code);
    exchange.sendResponseHeaders(status, -1);
  }

  /** Announces all of a content and ends the connection after some of its bytes. */
  static void cut(HttpExchange exchange, byte[] content, int bytes) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    int from = range == null ? 0 : Integer.parseInt(range.replaceAll("\\D", ""));
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, content.length - from);
    exchange.getResponseBody().write(content, from, Math.min(bytes, content.length - from));
    exchange.getResponseBody().flush();
  }

  static String sha256(byte[] content) {
    return hash("SHA-256", content);
  }

  static String gitHash(byte[] content) {
    byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.UTF_8);
    byte[] blob = Arrays.copyOf(head, head.length + content.length);
    System.arraycopy(content, 0, blob, head.length, content.length);
    return hash("SHA-1", blob);
  }

  private static String hash(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /** The relative paths of the files and links below a directory, without locks. */
  static List<String> tree(Path directory) throws IOException {
    List<String> names = new ArrayList<>();
    try (var all = Files.walk(directory)) {
      all.filter(path -> Files.isSymbolicLink(path) || Files.isRegularFile(path))
          .map(path -> directory.relativize(path).toString())
          .filter(name -> !name.startsWith(".locks"))
          .sorted()
          .forEach(names::add);
    }
    return names;
  }

  @Override
  public void close() {
    hub.stop(0);
    storage.stop(0);
    threads.close();
  }
}
