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

/** Which benchmark is judged: its files, the orders of candidates, the seed. */
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
          "File of the benchmark, JSON or JSON lines, plain or gzip; may be given several times"
              + " (default: those that come with Urteil).")
  private List<Path> data = new ArrayList<>();

  @Option(
      names = "--orders",
      paramLabel = "WHICH",
      description =
          "Orders in which candidates are shown: given, swapped, both, random (default: the"
              + " benchmark's own, or those recorded).")
  private @Nullable CandidateOrders orders;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Seed of random orders and of the bootstrap (default: ${DEFAULT-VALUE}).")
  private long seed;

  /** The benchmarks, for the help. */
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
