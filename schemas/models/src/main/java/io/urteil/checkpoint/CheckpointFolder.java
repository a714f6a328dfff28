package io.urteil.checkpoint;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.urteil.model.DecoderConfig;
import io.urteil.model.file.FileHash;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Writes, checks and reads one checkpoint folder.
 *
 * <p>Writing: (1) all files are written to a hidden folder beside the target, (2) each is forced to
 * the disk, then the folder, (3) one rename gives it its name, (4) the parent is forced. So a
 * folder with its name is complete, also after a power failure.
 */
public final class CheckpointFolder {

  public static final String WEIGHTS = "model.safetensors";
  public static final String OPTIMISER = "optimizer.safetensors";
  public static final String STATE = "trainer-state.json";

  public static final String WRITING = ".writing-";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, String> METADATA = Map.of("format", "pt");

  private CheckpointFolder() {}

  /**
   * Writes the folder and creates missing parents.
   *
   * @throws UncheckedIOException if it exists already or the disk fails; then no folder of that
   *     name is left
   */
  public static StoredCheckpoint write(Path folder, CheckpointContent content) {
    Path target = folder.toAbsolutePath().normalize();
    try {
      if (Files.exists(target)) {
        throw new FileAlreadyExistsException(
            target.toString(), null, "a checkpoint is never written twice");
      }
      Files.createDirectories(target.resolveSibling(""));
      Path writing = hidden(target, "");
      List<StoredFile> files = prepare(writing, content);
      publish(writing, target);
      return new StoredCheckpoint(target, files);
    } catch (IOException e) {
      throw new UncheckedIOException("writing checkpoint " + target, e);
    }
  }

  /**
   * Writes a missing or damaged checkpoint again, if the content has the hashes of its event; the
   * damaged folder is removed. A process that ends during this leaves no folder or a complete one
   * under the name.
   *
   * @return false if the content has other hashes; then nothing is changed
   * @throws UncheckedIOException if the disk fails
   */
  public static boolean repair(StoredCheckpoint checkpoint, CheckpointContent content) {
    Path target = checkpoint.folder().toAbsolutePath().normalize();
    Path writing = hidden(target, "");
    Path damaged = hidden(target, "-damaged");
    try {
      Files.createDirectories(target.resolveSibling(""));
      if (!Set.copyOf(prepare(writing, content)).equals(Set.copyOf(checkpoint.files()))) {
        delete(writing);
        return false;
      }
      delete(damaged);
      if (Files.exists(target)) {
        Files.move(target, damaged, StandardCopyOption.ATOMIC_MOVE);
      }
      publish(writing, target);
      delete(damaged);
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("repairing checkpoint " + target, e);
    }
  }

  private static Path hidden(Path target, String suffix) {
    return target.resolveSibling(WRITING + target.getFileName() + suffix);
  }

  private static List<StoredFile> prepare(Path writing, CheckpointContent content)
      throws IOException {
    delete(writing);
    Files.createDirectory(writing);
    fill(writing, content);
    List<StoredFile> files = inventory(writing);
    force(writing);
    return files;
  }

  private static void publish(Path writing, Path target) throws IOException {
    Files.move(writing, target, StandardCopyOption.ATOMIC_MOVE);
    force(target.resolveSibling(""));
  }

  /**
   * Reads every file and compares it with its hash.
   *
   * @throws DamagedCheckpointException naming each file that is missing or differs
   */
  public static void verify(StoredCheckpoint checkpoint) {
    List<String> problems = new ArrayList<>();
    for (StoredFile expected : checkpoint.files()) {
      Path file = checkpoint.folder().resolve(expected.name());
      try {
        if (!Files.isRegularFile(file)) {
          problems.add(expected.name() + ": missing");
        } else if (Files.size(file) != expected.size()) {
          problems.add(
              "%s: %d bytes (expected: %d)"
                  .formatted(expected.name(), Files.size(file), expected.size()));
        } else if (!FileHash.sha256(file).equals(expected.sha256())) {
          problems.add(
              "%s: sha256 %s (expected: %s)"
                  .formatted(expected.name(), FileHash.sha256(file), expected.sha256()));
        }
      } catch (IOException e) {
        problems.add(expected.name() + ": unreadable: " + e);
      }
    }
    if (!problems.isEmpty()) {
      throw new DamagedCheckpointException(
          "Checkpoint '%s' is damaged:%n- %s"
              .formatted(checkpoint.folder(), String.join("\n- ", problems)));
    }
  }

  /** The hash of {@link #WEIGHTS}, computed through a temporary file under {@code scratch}. */
  public static String weightsHash(Path scratch, SequencedMap<String, TensorData> weights) {
    try {
      Files.createDirectories(scratch);
      Path file = Files.createTempFile(scratch, WRITING, "");
      try {
        Safetensors.write(file, weights, METADATA);
        return FileHash.sha256(file);
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("hashing weights in " + scratch, e);
    }
  }

  /** The content of {@code trainer-state.json} of a full checkpoint. */
  public static TrainerState readState(Path folder) {
    Path file = folder.resolve(STATE);
    try {
      return JSON.readValue(file.toFile(), TrainerState.class);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    }
  }

  /** Deletes a folder and its content, if it exists. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  private static void fill(Path folder, CheckpointContent content) throws IOException {
    Files.writeString(folder.resolve(DecoderConfig.FILE_NAME), content.config().toJson());
    Safetensors.write(folder.resolve(WEIGHTS), content.weights(), METADATA);
    for (Path companion : content.companions()) {
      Files.copy(companion, folder.resolve(companion.getFileName()));
    }
    if (content.training().isPresent()) {
      CheckpointContent.Training training = content.training().get();
      Safetensors.write(folder.resolve(OPTIMISER), training.optimiser(), METADATA);
      JSON.writerWithDefaultPrettyPrinter()
          .writeValue(folder.resolve(STATE).toFile(), training.state());
    }
  }

  private static List<StoredFile> inventory(Path folder) throws IOException {
    List<StoredFile> files = new ArrayList<>();
    try (Stream<Path> listed = Files.list(folder)) {
      for (Path file : listed.sorted().toList()) {
        force(file);
        files.add(
            new StoredFile(file.getFileName().toString(), FileHash.sha256(file), Files.size(file)));
      }
    }
    return files;
  }

  private static void force(Path path) throws IOException {
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
