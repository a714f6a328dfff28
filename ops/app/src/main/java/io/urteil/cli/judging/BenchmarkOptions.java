package io.urteil.cli.judging;

import io.urteil.evaluation.benchmark.Benchmark;
import io.urteil.order.CandidateOrders;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options that select a benchmark: its files, the orders of the candidates, the seed. */
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

  @Option(
      names = "--orders",
      paramLabel = "WHICH",
      description =
          "Orders in which candidates are presented: given, swapped, both, random (default: those"
              + " of the benchmark, or of the recorded verdicts).")
  private @Nullable CandidateOrders orders;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of random orders and of the bootstrap (default: ${DEFAULT-VALUE}).")
  private long seed;

  /** The names of the benchmarks, for the help text. */
  static final class BenchmarkNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Benchmark.all().stream().map(Benchmark::name).iterator();
    }
  }

  Benchmark named() {
    return Benchmark.named(name);
  }

  List<Path> data() {
    return data;
  }

  @Nullable CandidateOrders orders() {
    return orders;
  }

  long seed() {
    return seed;
  }
}
