package io.urteil.evaluation.benchmark;

import io.urteil.evaluation.measure.Comparison;
import io.urteil.order.CandidateOrder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The items of a benchmark that are judged: all, or the first ones.
 *
 * @param files the files that were read
 * @param comparisons of these items, in the order of the files
 */
public record BenchmarkItems(
    Benchmark benchmark, List<DataFile> files, List<Comparison> all, List<Comparison> comparisons) {

  public BenchmarkItems {
    files = List.copyOf(files);
    all = List.copyOf(all);
    comparisons = List.copyOf(comparisons);
  }

  /**
   * Reads a benchmark.
   *
   * @param data files that replace the packaged ones; empty for the packaged ones
   * @param limit number of items to use, from the first; null for all. An item has one or more
   *     comparisons
   * @throws IllegalArgumentException if a file is missing or invalid
   */
  public static BenchmarkItems read(Benchmark benchmark, List<Path> data, @Nullable Integer limit)
      throws IOException {
    List<DataFile> files = benchmark.files(data);
    List<Comparison> all = benchmark.read(files);
    return new BenchmarkItems(benchmark, files, all, limit == null ? all : first(all, limit));
  }

  private static List<Comparison> first(List<Comparison> all, int limit) {
    Set<String> items =
        all.stream()
            .map(Comparison::cluster)
            .distinct()
            .limit(limit)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    return all.stream().filter(one -> items.contains(one.cluster())).toList();
  }

  /** The SHA-256 of each file, by name. */
  public SequencedMap<String, String> hashes() {
    SequencedMap<String, String> hashes = new LinkedHashMap<>();
    files.forEach(file -> hashes.put(file.name(), file.sha256()));
    return hashes;
  }

  /** The presentations of these items; their numbers do not depend on the limit. */
  public List<Presentation> presentations(Function<Comparison, List<CandidateOrder>> orders) {
    Set<String> ids = comparisons.stream().map(Comparison::id).collect(Collectors.toSet());
    return Presentation.all(all, orders).stream()
        .filter(one -> ids.contains(one.comparison().id()))
        .toList();
  }
}
