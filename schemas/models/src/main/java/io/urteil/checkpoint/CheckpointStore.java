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
   * Removes incomplete folders, and the folder of the version that a killed trainer had written but
   * not yet published. Versions below the newest published one are never removed here: their events
   * may have expired.
   *
   * @param committed the published versions
   * @param next the version that comes after the published ones
   * @return the folders that were removed
   * @throws IllegalStateException if there are versions that a killed trainer cannot have left, as
   *     with another broker's topics; then nothing is removed
   */
  public List<Path> removeUncommitted(Set<Long> committed, long next) {
    long head = committed.stream().mapToLong(version -> version).max().orElse(-1);
    List<Long> unpublished = versions().stream().filter(version -> version > head).toList();
    if (unpublished.size() > 1 || unpublished.stream().anyMatch(version -> version > next)) {
      throw new IllegalStateException(
          "checkpoints: %s has %d versions from %d to %d that were never published (expected: at most one, %d, of a killed trainer); the topics are not those of this directory, and nothing was removed"
              .formatted(
                  root, unpublished.size(), unpublished.getFirst(), unpublished.getLast(), next));
    }
    List<Path> removed = new ArrayList<>();
    for (Path entry : entries()) {
      OptionalLong version = versionOf(entry);
      boolean halfWritten =
          entry.getFileName().toString().startsWith(CheckpointFolder.WRITING + PREFIX);
      if (halfWritten || (version.isPresent() && version.getAsLong() > head)) {
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
