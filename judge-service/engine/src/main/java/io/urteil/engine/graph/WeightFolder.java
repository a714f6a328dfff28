package io.urteil.engine.graph;

import io.urteil.model.WeightTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The folder below which all weight files of a model are, links resolved. The runtime rejects files
 * outside of the folder that it is given, also those that a link leads to; in a cache of the
 * Hugging Face hub every file is such a link.
 */
public final class WeightFolder {

  private final Path path;
  private final Map<Path, Path> resolved;

  private WeightFolder(Path path, Map<Path, Path> resolved) {
    this.path = path;
    this.resolved = resolved;
  }

  /**
   * The folder of these tensors.
   *
   * @throws UncheckedIOException if a file is not readable any more
   */
  public static WeightFolder of(Collection<WeightTensor> weights) {
    Map<Path, Path> resolved = new HashMap<>();
    Path common = null;
    for (WeightTensor tensor : weights) {
      Path file = tensor.file().file();
      if (!resolved.containsKey(file)) {
        Path real = real(file);
        resolved.put(file, real);
        Path folder = Objects.requireNonNull(real.getParent(), "parent");
        common = common == null ? folder : common(common, folder);
      }
    }
    return new WeightFolder(Objects.requireNonNull(common, "no weights"), resolved);
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path common(Path one, Path other) {
    Path above = one;
    while (!other.startsWith(above)) {
      above = Objects.requireNonNull(above.getParent(), "root");
    }
    return above;
  }

  /** The folder, absolute. */
  public Path path() {
    return path;
  }

  /** The file of a tensor, relative to the folder, with slashes. */
  String location(WeightTensor tensor) {
    Path file = Objects.requireNonNull(resolved.get(tensor.file().file()), "file");
    return StreamSupport.stream(path.relativize(file).spliterator(), false)
        .map(Path::toString)
        .collect(Collectors.joining("/"));
  }
}
