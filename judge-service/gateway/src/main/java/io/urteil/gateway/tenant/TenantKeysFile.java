package io.urteil.gateway.tenant;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tenants of a keys file, and the keys of the issuers that it names. The file is read again
 * within seconds after it has changed; if it is unreadable or invalid then, the tenants that were
 * read before remain, and an error is logged. Thread-safe.
 */
public final class TenantKeysFile implements Tenants, Callers {

  private static final Logger LOGGER = LoggerFactory.getLogger(TenantKeysFile.class);
  private static final long MAX_BYTES = 1 << 20;
  private static final long CHECK_NANOS = 2_000_000_000L;

  private final Path file;
  private final LongSupplier nanos;
  private final Executor executor;
  private final Consumer<String> problems;
  private final AtomicLong checkedAt;
  private final HttpClient client = IssuerKeys.client();
  private final Map<Issuer, IssuerKeys> issuers = new ConcurrentHashMap<>();
  private volatile TenantKeys keys;
  private String text;

  private TenantKeysFile(
      Path file, LongSupplier nanos, Executor executor, Consumer<String> problems) {
    this.file = file;
    this.nanos = nanos;
    this.executor = executor;
    this.problems = problems;
    this.text = text(file);
    this.keys = read(file, text);
    this.checkedAt = new AtomicLong(nanos.getAsLong());
    readIssuers();
  }

  /**
   * Reads this file.
   *
   * @throws IllegalArgumentException naming every problem of the file; no message contains a key
   */
  public static TenantKeysFile open(Path file) {
    return open(
        file,
        System::nanoTime,
        Thread::startVirtualThread,
        problem ->
            LOGGER
                .atError()
                .addKeyValue("error", problem)
                .log("keys not read; those of before remain"));
  }

  /**
   * @param nanos monotonic clock of the checks for changes
   * @param executor of the checks
   * @param problems receives why a changed file is not read; no message contains a key
   */
  static TenantKeysFile open(
      Path file, LongSupplier nanos, Executor executor, Consumer<String> problems) {
    return new TenantKeysFile(file, nanos, executor, problems);
  }

  /** The tenants of now. Does not block: a check for changes runs beside it. */
  public TenantKeys current() {
    long now = nanos.getAsLong();
    long checked = checkedAt.get();
    if (now - checked >= CHECK_NANOS && checkedAt.compareAndSet(checked, now)) {
      executor.execute(this::refresh);
    }
    return keys;
  }

  @Override
  public Caller find(String secret, boolean inHeader) {
    TenantKeys now = current();
    Optional<Tenant> tenant = now.find(secret);
    if (tenant.isPresent()) {
      return new Caller.Known(tenant.get());
    }
    return inHeader && !now.rules().isEmpty() && TokenCheck.isToken(secret)
        ? TokenCheck.find(secret, now.rules(), this::keys, Instant.now().getEpochSecond())
        : new Caller.Unknown(
            "unknown key",
            "the key is not known here (expected: a key of the gateway's keys file)");
  }

  private IssuerKeys keys(Issuer issuer) {
    return issuers.computeIfAbsent(
        issuer, missing -> new IssuerKeys(issuer, client, executor, nanos, problems));
  }

  /** Begins to read the keys of new issuers, so that they are there with the first token. */
  private void readIssuers() {
    Set<Issuer> now = keys.rules().stream().map(TokenRule::issuer).collect(Collectors.toSet());
    issuers.keySet().retainAll(now);
    now.forEach(issuer -> keys(issuer).current());
  }

  @Override
  public Map<String, Integer> shares() {
    return current().shares();
  }

  /** Reads the file again if it has changed. */
  private synchronized void refresh() {
    String now;
    try {
      now = text(file);
    } catch (IllegalArgumentException e) {
      now = "";
    }
    if (now.equals(text)) {
      return;
    }
    // A problem is reported once, and not with each check.
    text = now;
    try {
      keys = read(file, now);
      readIssuers();
      LOGGER.atInfo().addKeyValue("file", file).log("keys file read again");
    } catch (IllegalArgumentException e) {
      problems.accept(String.valueOf(e.getMessage()));
    }
  }

  private static String text(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new IllegalArgumentException(
            "keys file %s: %d bytes (expected: at most %d)"
                .formatted(file, Files.size(file), MAX_BYTES));
      }
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "keys file %s: cannot be read: %s (expected: a YAML file in UTF-8)"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    }
  }

  private static TenantKeys read(Path file, String text) {
    try {
      return TenantKeysReader.read(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("keys file %s:%n- %s".formatted(file, e.getMessage()), e);
    }
  }
}
