package io.urteil.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.Stream;

/**
 * The checkpoint folders of one lineage, {@code version-000012} and so on. A folder counts only
 * after its event was published; the trainer, the only writer of a store, passes the published
 * versions.
 */
public final class CheckpointStore {

  private static final String PREFIX = "version-";

  private final Path root;

  /** The folders under {@code root}, which is created with the first one. */
  public CheckpointStore(Path root) {
    this.root = root.toAbsolutePath().normalize();
  }

  public Path folder(long version) {
    return root.resolve(PREFIX + "%06d".formatted(version));
  }

  /** Writes a version; see {@link CheckpointFolder#write}. */
  public StoredCheckpoint write(long version, CheckpointContent content) {
    return CheckpointFolder.write(folder(version), content);
  }

  /** Versions on disk, ascending. */
  public List<Long> versions() {
    return entries().stream()
        .map(CheckpointStore::versionOf)
        .filter(OptionalLong::isPresent)
        .map(OptionalLong::getAsLong)
        .sorted()
        .toList();
  }

  /**
   * Removes incomplete folders, and those of versions without an event.
   *
   * @return the folders that were removed
   */
  public List<Path> removeUncommitted(Set<Long> committed) {
    List<Path> removed = new ArrayList<>();
    for (Path entry : entries()) {
      OptionalLong version = versionOf(entry);
      boolean halfWritten =
          entry.getFileName().toString().startsWith(CheckpointFolder.WRITING + PREFIX);
      if (halfWritten || (version.isPresent() && !committed.contains(version.getAsLong()))) {
        delete(entry);
        removed.add(entry);
      }
    }
    return removed;
  }

  /**
   * Removes old versions.
   *
   * @param keep number of newest versions to keep
   * @param stillNeeded further versions to keep
   * @return the versions that were removed
   */
  public List<Long> prune(int keep, LongPredicate stillNeeded) {
    List<Long> versions = versions();
    List<Long> removed =
        versions.subList(0, Math.max(0, versions.size() - keep)).stream()
            .filter(version -> !stillNeeded.test(version))
            .toList();
    removed.forEach(version -> delete(folder(version)));
    return removed;
  }

  private static OptionalLong versionOf(Path entry) {
    String name = entry.getFileName().toString();
    return name.matches(PREFIX + "[0-9]{6,18}")
        ? OptionalLong.of(Long.parseLong(name.substring(PREFIX.length())))
        : OptionalLong.empty();
  }

  private static void delete(Path folder) {
    try {
      CheckpointFolder.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("removing checkpoint " + folder, e);
    }
  }

  private List<Path> entries() {
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    try (Stream<Path> listed = Files.list(root)) {
      return listed.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("listing checkpoints in " + root, e);
    }
  }
}
