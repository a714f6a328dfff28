package io.urteil.local.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.file.HubCache;
import io.urteil.file.ModelName;
import io.urteil.local.hub.HubClient.FileState;
import io.urteil.local.hub.HubException.Kind;
import io.urteil.model.DecoderConfig;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Downloads a model into the hub's cache.
 *
 * <ol>
 *   <li>The hub names the commit of the revision and lists its files.
 *   <li>Configuration and tokenizer are downloaded. A model of another architecture is rejected
 *       here, before its weights.
 *   <li>The weights are downloaded, if the disk has room for them.
 *   <li>Each file becomes a link in the snapshot of the commit when it is complete, and the
 *       reference of a branch or tag is written last.
 * </ol>
 *
 * <p>One process at a time downloads a model; others wait. A download that ends early is resumed.
 */
public final class ModelFetch {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long LOCK_POLL_MILLIS = 200;
  private static final double GB = 1e9;

  private static final String CACHE_TAG =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This file is a cache directory tag created by urteil.
      # For information about cache directory tags, see:
      #	https://bford.info/cachedir/
      """;

  private final HubSettings settings;
  private final FetchProgress progress;
  private final Consumer<DecoderConfig> beforeWeights;

  /**
   * @param progress receives bytes while they arrive
   * @param beforeWeights receives the shape of the model before its weights are downloaded
   */
  public ModelFetch(
      HubSettings settings, FetchProgress progress, Consumer<DecoderConfig> beforeWeights) {
    this.settings = settings;
    this.progress = progress;
    this.beforeWeights = beforeWeights;
  }

  /**
   * The snapshot of a model, downloaded if its files are not in the cache.
   *
   * @throws HubException in one sentence, if the model cannot be downloaded or used
   * @throws IOException if the cache cannot be written
   */
  public HubCache.Snapshot fetch(ModelName name) throws IOException {
    if (settings.offline()) {
      Path cached = settings.cache().snapshot(name).orElseThrow(() -> offline(name));
      return new HubCache.Snapshot(name, String.valueOf(cached.getFileName()), cached);
    }
    try (HubClient client = new HubClient(settings)) {
      Repository repository = client.repository(name);
      NeededFiles needed = NeededFiles.of(name, repository);
      Path snapshot = settings.cache().snapshotFolder(name, repository.commit());
      try (FileChannel lock = lock(name)) {
        Session session = new Session(client, name, repository, snapshot);
        session.download(needed.small());
        beforeWeights.accept(requireArchitecture(name, snapshot));
        session.download(
            needed.weights().map(List::of).orElseGet(() -> shards(name, repository, snapshot)));
        writeReference(name, repository.commit());
      }
      return new HubCache.Snapshot(name, repository.commit(), snapshot);
    }
  }

  /**
   * The configuration and tokenizer of a model, downloaded if they are not in the cache, without
   * its weights.
   *
   * @throws HubException in one sentence, if they cannot be downloaded
   * @throws IOException if the cache cannot be written
   */
  public Preview preview(ModelName name) throws IOException {
    if (settings.offline()) {
      throw offline(name);
    }
    try (HubClient client = new HubClient(settings)) {
      Repository repository = client.repository(name);
      NeededFiles needed = NeededFiles.of(name, repository);
      Path snapshot = settings.cache().snapshotFolder(name, repository.commit());
      try (FileChannel lock = lock(name)) {
        new Session(client, name, repository, snapshot).download(needed.small());
      }
      long bytes =
          repository.files().stream()
              .filter(file -> file.name().matches("model(-\\d+-of-\\d+)?\\.safetensors"))
              .mapToLong(file -> Math.max(0, file.size()))
              .sum();
      return new Preview(new HubCache.Snapshot(name, repository.commit(), snapshot), bytes);
    }
  }

  /**
   * A model without its weights.
   *
   * @param weightBytes size of the weights, as the hub lists them
   */
  public record Preview(HubCache.Snapshot snapshot, long weightBytes) {}

  private HubException offline(ModelName name) {
    return new HubException(
        Kind.UNREACHABLE,
        "model '%s' is not in the cache %s and HF_HUB_OFFLINE is set (expected: a cached model, or to be online)"
            .formatted(name, settings.cache().directory()));
  }

  /** One model while its lock is held. */
  private final class Session {
    private final HubClient client;
    private final ModelName name;
    private final Repository repository;
    private final Path snapshot;
    private final BlobDownload blobs;
    private long done;
    private long total;

    Session(HubClient client, ModelName name, Repository repository, Path snapshot) {
      this.client = client;
      this.name = name;
      this.repository = repository;
      this.snapshot = snapshot;
      this.blobs = new BlobDownload(client, settings.silence(), name, repository.commit());
    }

    void download(List<String> files) throws IOException {
      Map<String, FileState> missing = new LinkedHashMap<>();
      for (String file : files) {
        Path there = snapshot.resolve(file);
        long listed = listedSize(file);
        if (Files.isRegularFile(there) && (listed < 0 || Files.size(there) == listed)) {
          total += Files.size(there);
          done += Files.size(there);
        } else {
          FileState state = client.state(name, repository.commit(), file);
          missing.put(file, state);
          total += state.size();
        }
      }
      progress.bytes(done, total);
      requireRoom(missing);
      for (Map.Entry<String, FileState> file : missing.entrySet()) {
        FileState state = file.getValue();
        Path blob = blobFolder().resolve(state.hash());
        blobs.download(file.getKey(), state, blob, bytes -> progress.bytes(done + bytes, total));
        link(blob, snapshot, file.getKey());
        done += state.size();
        progress.bytes(done, total);
      }
    }

    private long listedSize(String file) {
      return repository.files().stream()
          .filter(listed -> listed.name().equals(file))
          .mapToLong(RepositoryFile::size)
          .findFirst()
          .orElse(-1);
    }

    private Path blobFolder() throws IOException {
      return Files.createDirectories(settings.cache().folder(name).resolve("blobs"));
    }

    private void requireRoom(Map<String, FileState> missing) throws IOException {
      long need = 0;
      for (FileState state : missing.values()) {
        Path partial = BlobDownload.partial(blobFolder().resolve(state.hash()));
        need += state.size() - (Files.isRegularFile(partial) ? Files.size(partial) : 0);
      }
      long free = Files.getFileStore(blobFolder()).getUsableSpace();
      if (need > free) {
        throw new HubException(
            Kind.TRANSFER,
            "model '%s': %.2f GB to download and %.2f GB free in %s (expected: %.2f GB more; HF_HOME names another place)"
                .formatted(
                    name, need / GB, free / GB, settings.cache().directory(), (need - free) / GB));
      }
    }
  }

  private static DecoderConfig requireArchitecture(ModelName name, Path snapshot)
      throws IOException {
    try {
      return DecoderConfig.read(snapshot);
    } catch (UnusableModelException e) {
      throw new HubException(
          Kind.MODEL,
          "model '%s' is not of an architecture that is served here: %s"
              .formatted(name, String.join("; ", e.problems())),
          e);
    }
  }

  private static List<String> shards(ModelName name, Repository repository, Path snapshot) {
    Path index = snapshot.resolve(NeededFiles.INDEX);
    try {
      JsonNode map = JSON.readTree(Files.readAllBytes(index)).path("weight_map");
      return NeededFiles.shards(name, repository, map.valueStream().map(JsonNode::asText).toList());
    } catch (IOException e) {
      throw new HubException(
          Kind.MODEL,
          "model '%s': %s is no JSON (expected: the files of its tensors)"
              .formatted(name, NeededFiles.INDEX),
          e);
    }
  }

  /** A relative link, as {@code huggingface_hub} makes it, or a copy where links are impossible. */
  private static void link(Path blob, Path snapshot, String name) throws IOException {
    Files.createDirectories(snapshot);
    Path file = snapshot.resolve(name);
    Files.deleteIfExists(file);
    try {
      Files.createSymbolicLink(file, snapshot.relativize(blob));
    } catch (FileAlreadyExistsException e) {
      // huggingface_hub made it at the same time.
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.copy(blob, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void writeReference(ModelName name, String commit) throws IOException {
    if (name.revision().equals(commit)) {
      return;
    }
    Path reference = settings.cache().folder(name).resolve("refs").resolve(name.revision());
    Files.createDirectories(Objects.requireNonNull(reference.getParent(), "refs"));
    Path written = settings.cache().folder(name).resolve(".urteil.reference");
    Files.writeString(written, commit);
    Files.move(
        written, reference, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** The lock of a model; closing the channel releases it. */
  private FileChannel lock(ModelName name) throws IOException {
    Path cache = Files.createDirectories(settings.cache().directory());
    try {
      Files.writeString(cache.resolve("CACHEDIR.TAG"), CACHE_TAG, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      // The cache is tagged.
    }
    Path folder =
        cache
            .resolve(".locks")
            .resolve(String.valueOf(settings.cache().folder(name).getFileName()));
    Path file = Files.createDirectories(folder).resolve("urteil.lock");
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      boolean waits = false;
      while (!isLocked(channel)) {
        if (!waits) {
          waits = true;
          progress.waiting();
        }
        Thread.sleep(LOCK_POLL_MILLIS);
      }
      return channel;
    } catch (InterruptedException e) {
      channel.close();
      Thread.currentThread().interrupt();
      throw new HubException(
          Kind.TRANSFER, "interrupted (expected: to wait for the download of another process)", e);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      // Another thread of this process has it.
      return false;
    }
  }
}
