package io.urteil.bench.siege;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A judge server that answers everything but a verdict: resets and endless answers, other types,
 * numbers that are none, HTML, redirections, megabytes, and completions without a meaning. No
 * answer of it justifies a score.
 */
final class HostileServer implements AutoCloseable {

  private static final int LISTEN_BACKLOG = 50;
  private static final int MAX_REQUEST_BYTES = 1 << 20;
  private static final int HUGE_BYTES = 20 << 20;
  private static final int DEPTH = 100_000;

  /** What the server does to a request. */
  enum Answer {
    RESET,
    SILENCE,
    HALF,
    DRIP,
    HUGE,
    DEEP,
    HTML,
    REDIRECTION,
    SERVER_ERROR,
    RATE_LIMIT,
    ENDLESS_HEADERS,
    OTHER_PROTOCOL,
    OTHER_TYPES,
    NO_NUMBERS,
    NULL_LOG_PROBABILITY,
    IMPOSSIBLE_LOG_PROBABILITY,
    NO_CHOICES,
    NO_UTF8,
    CUT_OFF,
    NONSENSE
  }

  private final ServerSocket socket;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Random random;
  private final AtomicLong requests = new AtomicLong();
  private volatile boolean open = true;

  HostileServer(long seed) throws IOException {
    this.random = new Random(seed ^ 0x5E12E12);
    this.socket = new ServerSocket(0, LISTEN_BACKLOG, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** The URL of its API. */
  URI url() {
    return URI.create("http://127.0.0.1:%d/v1".formatted(socket.getLocalPort()));
  }

  /** Number of requests so far. */
  long requests() {
    return requests.get();
  }

  private void accept() {
    while (open) {
      try {
        Socket client = socket.accept();
        threads.execute(() -> serve(client));
      } catch (IOException e) {
        if (open) {
          throw new IllegalStateException("hostile server", e);
        }
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      while (open && readRequest(in)) {
        requests.incrementAndGet();
        if (!answer(client, client.getOutputStream(), next())) {
          return;
        }
      }
    } catch (IOException e) {
      // The client is as free to end the connection as this server.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Answer next() {
    return Answer.values()[random.nextInt(Answer.values().length)];
  }

  /** Reads a request with its body; false at the end of the connection. */
  private static boolean readRequest(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(ISO_8859_1).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0 || head.size() > MAX_REQUEST_BYTES) {
        return false;
      }
      head.write(next);
    }
    int length =
        head.toString(ISO_8859_1)
            .lines()
            .filter(line -> line.regionMatches(true, 0, "Content-Length:", 0, 15))
            .map(line -> Integer.parseInt(line.substring(15).strip()))
            .findFirst()
            .orElse(0);
    in.skipNBytes(length);
    return true;
  }

  /** Whether the connection may be used again. */
  private boolean answer(Socket client, OutputStream out, Answer answer)
      throws IOException, InterruptedException {
    switch (answer) {
      case RESET -> {
        client.setSoLinger(true, 0);
        return false;
      }
      case SILENCE -> Thread.sleep(60_000);
      case HALF -> {
        out.write(head("200 OK", "application/json", 5_000));
        out.write(completion("\"I think\"", "stop", "null").substring(0, 40).getBytes(UTF_8));
        return false;
      }
      case DRIP -> {
        out.write(head("200 OK", "application/json", 5_000));
        for (int i = 0; i < 300 && open; i++) {
          out.write(' ');
          out.flush();
          Thread.sleep(200);
        }
        return false;
      }
      case HUGE -> send(out, "200 OK", "\"" + "x".repeat(HUGE_BYTES) + "\"");
      case DEEP -> send(out, "200 OK", "{\"choices\":" + "[".repeat(DEPTH));
      case HTML -> send(out, "200 OK", "<html><body><h1>502 Bad Gateway</h1></body></html>");
      case REDIRECTION ->
          out.write(
              "HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\n\r\n"
                  .getBytes(ISO_8859_1));
      case SERVER_ERROR -> send(out, "503 Service Unavailable", "{\"error\":null}");
      case RATE_LIMIT ->
          out.write(
              "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 1e300\r\nContent-Length: 0\r\n\r\n"
                  .getBytes(ISO_8859_1));
      case ENDLESS_HEADERS -> {
        out.write("HTTP/1.1 200 OK\r\n".getBytes(ISO_8859_1));
        for (int i = 0; i < 100_000 && open; i++) {
          out.write("X-%d: %s\r\n".formatted(i, "y".repeat(200)).getBytes(ISO_8859_1));
        }
        return false;
      }
      case OTHER_PROTOCOL -> {
        out.write("+OK POP3 ready\r\n".getBytes(ISO_8859_1));
        return false;
      }
      case OTHER_TYPES ->
          send(out, "200 OK", "{\"model\":[],\"choices\":{\"0\":7},\"usage\":\"many\"}");
      case NO_NUMBERS ->
          send(
              out,
              "200 OK",
              "{\"choices\":[{\"message\":{\"content\":NaN},\"finish_reason\":Infinity}]}");
      case NULL_LOG_PROBABILITY ->
          send(out, "200 OK", completion("\"Verdict: Yes\"", "stop", tokens("null")));
      case IMPOSSIBLE_LOG_PROBABILITY ->
          send(out, "200 OK", completion("\"Verdict: Yes\"", "stop", tokens("1e308")));
      case NO_CHOICES -> send(out, "200 OK", "{\"choices\":[],\"usage\":{\"prompt_tokens\":-1}}");
      case NO_UTF8 -> {
        out.write(head("200 OK", "application/json", 4));
        out.write(new byte[] {(byte) 0xC0, (byte) 0x80, (byte) 0xFF, (byte) 0xFE});
      }
      case CUT_OFF -> send(out, "200 OK", completion("\"Let me think about\"", "length", "null"));
      case NONSENSE ->
          send(out, "200 OK", completion("\"\\u0000\\ud83d </think> NaN\"", "stop", "null"));
    }
    out.flush();
    return true;
  }

  private static String tokens(String logProbability) {
    return "{\"content\":[{\"token\":\"Yes\",\"logprob\":%s,\"top_logprobs\":[{\"token\":\"Yes\",\"logprob\":%s}]}]}"
        .formatted(logProbability, logProbability);
  }

  private static String completion(String content, String reason, String logprobs) {
    return "{\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":%s},\"finish_reason\":\"%s\",\"logprobs\":%s}],\"usage\":{\"prompt_tokens\":9223372036854775807,\"completion_tokens\":-5}}"
        .formatted(content, reason, logprobs);
  }

  private static void send(OutputStream out, String status, String body) throws IOException {
    byte[] bytes = body.getBytes(UTF_8);
    out.write(head(status, "application/json", bytes.length));
    out.write(bytes);
  }

  private static byte[] head(String status, String type, int length) {
    return "HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        .formatted(status, type, length)
        .getBytes(ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    open = false;
    socket.close();
    threads.shutdownNow();
  }
}
