package io.urteil.cli.judging;

import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.evaluation.benchmark.BenchmarkItems;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that select a benchmark: its files and the number of items. */
final class BenchmarkOptions {

  @Parameters(
      paramLabel = "NAME",
      completionCandidates = BenchmarkNames.class,
      description = "Benchmark, one of: ${COMPLETION-CANDIDATES}.")
  private String name = "";

  @Option(
      names = "--data",
      paramLabel = "FILE",
      description =
          "File of the benchmark: JSON lines, a JSON array, CSV or Parquet, plain or gzip; may be"
              + " repeated (default: the files packaged with Urteil).")
  private List<Path> data = new ArrayList<>();

  @Mixin private LimitOption limit = new LimitOption();

  /** The names of the benchmarks, for the help text. */
  static final class BenchmarkNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Benchmark.all().stream().map(Benchmark::name).iterator();
    }
  }

  /** Reads the items to judge. */
  BenchmarkItems items() throws IOException {
    return BenchmarkItems.read(Benchmark.named(name), data, limit.items());
  }
}
