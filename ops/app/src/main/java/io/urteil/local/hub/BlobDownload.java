package io.urteil.local.hub;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import io.urteil.file.ModelName;
import io.urteil.local.hub.HubClient.FileState;
import io.urteil.local.hub.HubException.Kind;
import io.urteil.model.file.FileHash;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;

/**
 * Downloads one file into {@code blobs/HASH} of the cache.
 *
 * <ol>
 *   <li>Bytes are appended to {@code HASH.urteil.incomplete}. A connection that ends or is silent
 *       is opened again at the next byte, and a later process resumes the file.
 *   <li>The hash of the complete file is compared. A wrong one is never moved to its place: a
 *       resumed file is downloaded once more from its start, then the download fails.
 *   <li>The file is forced to disk and renamed.
 * </ol>
 */
final class BlobDownload {

  private static final int FAILURES_MAX = 5;
  private static final int BUFFER = 1 << 20;
  private static final int SHA1_LENGTH = 40;

  private final HubClient client;
  private final Duration silence;
  private final ModelName name;
  private final String commit;

  BlobDownload(HubClient client, Duration silence, ModelName name, String commit) {
    this.client = client;
    this.silence = silence;
    this.name = name;
    this.commit = commit;
  }

  /**
   * Downloads a file unless it is complete.
   *
   * @param progress receives the bytes of this file on disk
   * @throws HubException if it cannot be downloaded, or has another hash
   */
  void download(String file, FileState state, Path blob, LongConsumer progress) throws IOException {
    if (Files.isRegularFile(blob) && Files.size(blob) == state.size()) {
      return;
    }
    Path partial = partial(blob);
    boolean resumed = Files.isRegularFile(partial) && Files.size(partial) > 0;
    transfer(file, state, partial, progress);
    String found = hash(partial, state);
    if (!found.equals(state.hash()) && resumed) {
      Files.delete(partial);
      transfer(file, state, partial, progress);
      found = hash(partial, state);
    }
    if (!found.equals(state.hash())) {
      Files.delete(partial);
      throw new HubException(
          Kind.TRANSFER,
          "model '%s': %s arrived with the hash %s (expected: %s; it was removed)"
              .formatted(name, file, found, state.hash()));
    }
    try (FileChannel written = FileChannel.open(partial, WRITE)) {
      written.force(true);
    }
    Files.move(partial, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The file that holds a download until it is complete. */
  static Path partial(Path blob) {
    return blob.resolveSibling(blob.getFileName() + ".urteil.incomplete");
  }

  private void transfer(String file, FileState state, Path partial, LongConsumer progress)
      throws IOException {
    int failures = 0;
    while (true) {
      long have = Files.isRegularFile(partial) ? Files.size(partial) : 0;
      if (have > state.size()) {
        Files.delete(partial);
        have = 0;
      }
      progress.accept(have);
      if (have == state.size()) {
        if (have == 0) {
          FileChannel.open(partial, CREATE, WRITE).close();
        }
        return;
      }
      long now = receive(file, state, partial, have, progress);
      failures = now > have ? 0 : failures + 1;
      if (now < state.size()) {
        if (failures == FAILURES_MAX) {
          throw new HubException(
              Kind.TRANSFER,
              "model '%s': %d of %d bytes of %s arrived before the connection ended (expected: all; the same command resumes)"
                  .formatted(name, now, state.size(), file));
        }
        client.backOff(failures + 1);
      }
    }
  }

  /** Appends what one connection delivers; returns the bytes on disk. */
  private long receive(String file, FileState state, Path partial, long from, LongConsumer progress)
      throws IOException {
    HttpResponse<InputStream> response = client.open(name, commit, file, from);
    AtomicLong lastByte = new AtomicLong(System.nanoTime());
    try (InputStream body = response.body()) {
      boolean continues = response.statusCode() == 206 && startsAt(response, from);
      if (from > 0 && !continues) {
        // The server begins at the start, or does not know this offset.
        Files.delete(partial);
        if (response.statusCode() != 200) {
          return 0;
        }
      }
      Thread watch = watch(body, lastByte);
      try (FileChannel out = FileChannel.open(partial, CREATE, WRITE, APPEND)) {
        return copy(body, out, state.size(), lastByte, progress);
      } finally {
        watch.interrupt();
      }
    }
  }

  private static boolean startsAt(HttpResponse<?> response, long from) {
    return response
        .headers()
        .firstValue("Content-Range")
        .filter(range -> range.startsWith("bytes " + from + "-"))
        .isPresent();
  }

  private static long copy(
      InputStream body, FileChannel out, long size, AtomicLong lastByte, LongConsumer progress)
      throws IOException {
    byte[] buffer = new byte[BUFFER];
    long have = out.size();
    while (have < size) {
      int read;
      try {
        read = body.read(buffer, 0, (int) Math.min(buffer.length, size - have));
      } catch (IOException e) {
        // The connection ended; the caller opens another.
        return have;
      }
      if (read < 0) {
        return have;
      }
      lastByte.set(System.nanoTime());
      ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      have += read;
      progress.accept(have);
    }
    return have;
  }

  /** Closes a body that delivers nothing for too long, so that its reader continues. */
  private Thread watch(InputStream body, AtomicLong lastByte) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                long idle = 0;
                while (idle < silence.toNanos()) {
                  Thread.sleep(Duration.ofNanos(silence.toNanos() - idle));
                  idle = System.nanoTime() - lastByte.get();
                }
                body.close();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              } catch (IOException e) {
                // It is closed either way.
              }
            });
  }

  /** The hash of a file in the form of the expected one. */
  private static String hash(Path file, FileState state) throws IOException {
    return state.hash().length() == SHA1_LENGTH ? gitHash(file) : FileHash.sha256(file);
  }

  /** The SHA-1 of a file as a git blob: its size is hashed before it. */
  private static String gitHash(Path file) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-1");
      digest.update(("blob " + Files.size(file) + "\0").getBytes(StandardCharsets.UTF_8));
      try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
