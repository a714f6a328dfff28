package io.urteil.evaluation.benchmark;

import io.urteil.evaluation.measure.BestOfMeasure;
import io.urteil.evaluation.measure.Comparison;
import io.urteil.evaluation.measure.MatrixMeasure;
import io.urteil.evaluation.measure.Measure;
import io.urteil.evaluation.measure.PairMeasure;
import io.urteil.evaluation.measure.PairMeasure.By;
import io.urteil.evaluation.measure.RewardBench2Measure;
import io.urteil.evaluation.measure.RewardBenchMeasure;
import io.urteil.order.CandidateOrders;
import io.urteil.prompt.Preference;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A benchmark: its files, their format, the judged orders and the measure.
 *
 * @param name the name on the command line
 * @param what a short description
 * @param packaged files packaged with Urteil, relative to ops/data; empty if the user provides them
 * @param orders the default of the judged orders
 * @param reader converts a row to comparisons
 * @param measure creates the measure for the comparisons
 */
public record Benchmark(
    String name,
    String what,
    List<String> packaged,
    CandidateOrders orders,
    Function<DataRow, List<Comparison>> reader,
    Function<List<Comparison>, Measure> measure) {

  private static final Map<String, Benchmark> ALL = new LinkedHashMap<>();

  static {
    add(
        "pandalm",
        "PandaLM test set v1: instruction following with ties, three annotators",
        List.of("pandalm/testset-v1.json"),
        CandidateOrders.GIVEN,
        BenchmarkFormats::pandaLm,
        pairs(By.THREE_CLASSES));
    add(
        "judgebench-gpt-4o",
        "JudgeBench: hard pairs written by gpt-4o, one objectively correct",
        List.of("judgebench/gpt-4o-2024-05-13.jsonl"),
        CandidateOrders.BOTH,
        BenchmarkFormats::judgeBench,
        pairs(By.SUM_OF_ORDERS));
    add(
        "judgebench-claude-3.5-sonnet",
        "JudgeBench: the same for pairs written by claude-3.5-sonnet",
        List.of("judgebench/claude-3-5-sonnet-20240620.jsonl"),
        CandidateOrders.BOTH,
        BenchmarkFormats::judgeBench,
        pairs(By.SUM_OF_ORDERS));
    add(
        "rm-bench",
        "RM-Bench, chat and code: 3 x 3 styles, easy, normal and hard",
        List.of("rm-bench/chat_filtered.json", "rm-bench/code_filtered.json"),
        CandidateOrders.RANDOM,
        BenchmarkFormats::rmBench,
        comparisons -> new MatrixMeasure());
    add(
        "mt-bench-human",
        "MT-bench human preferences, ties removed",
        List.of("mt-bench-human200/dataset.json"),
        CandidateOrders.BOTH,
        BenchmarkFormats::llmBar,
        pairs(By.DECISIVE));
    add(
        "faireval",
        "FairEval: Vicuna against ChatGPT, ties removed",
        List.of("faireval66/dataset.json"),
        CandidateOrders.BOTH,
        BenchmarkFormats::llmBar,
        pairs(By.DECISIVE));
    add(
        "llmeval2",
        "LLMEval^2, ties removed",
        List.of("llmeval2-200/dataset.json"),
        CandidateOrders.BOTH,
        BenchmarkFormats::llmBar,
        pairs(By.DECISIVE));
    add(
        "hhh",
        "HHH alignment: helpful, honest, harmless, other",
        List.of("hhh/hhh_alignment_eval.json.gz"),
        CandidateOrders.BOTH,
        BenchmarkFormats::hhh,
        comparisons -> new PairMeasure(By.DECISIVE, true));
    add(
        "math-bon8",
        "best of 8 sampled solutions of MATH problems",
        List.of("math-bon8/math_cot_100.jsonl.gz"),
        CandidateOrders.GIVEN,
        BenchmarkFormats::mathBestOf,
        comparisons -> new BestOfMeasure());
    add(
        "gsm8k",
        "best of 4 recorded model solutions of GSM8K problems",
        List.of("gsm8k/example_model_solutions.jsonl.gz"),
        CandidateOrders.GIVEN,
        BenchmarkFormats::gsm8k,
        comparisons -> new BestOfMeasure());
    add(
        "arithmetic",
        "the demo's held-out sums, two answers each",
        List.of("arithmetic/heldout.jsonl"),
        CandidateOrders.BOTH,
        BenchmarkFormats::pairs,
        pairs(By.DECISIVE));
    add(
        "rewardbench",
        "RewardBench 1 as JSON lines (needs --data)",
        List.of(),
        CandidateOrders.RANDOM,
        BenchmarkFormats::rewardBench,
        comparisons -> new RewardBenchMeasure());
    add(
        "rewardbench-2",
        "RewardBench 2 as JSON lines (needs --data)",
        List.of(),
        CandidateOrders.RANDOM,
        BenchmarkFormats::rewardBench2,
        comparisons -> new RewardBench2Measure());
    add(
        "pairs",
        "your own pairs, or those of a published data set (needs --data)",
        List.of(),
        CandidateOrders.BOTH,
        BenchmarkFormats::pairs,
        comparisons ->
            new PairMeasure(
                comparisons.stream().anyMatch(pair -> pair.better() == Preference.TIE)
                    ? By.EXACT
                    : By.DECISIVE,
                false));
  }

  /**
   * The benchmark of this name.
   *
   * @throws IllegalArgumentException if there is none; names the known benchmarks
   */
  public static Benchmark named(String name) {
    Benchmark benchmark = ALL.get(name);
    if (benchmark == null) {
      throw new IllegalArgumentException(
          "benchmark: '%s' (expected: one of %s)".formatted(name, String.join(", ", ALL.keySet())));
    }
    return benchmark;
  }

  /** All benchmarks. */
  public static List<Benchmark> all() {
    return List.copyOf(ALL.values());
  }

  /**
   * Reads the given files, or the packaged files if none are given.
   *
   * @throws IllegalArgumentException if a file is missing
   */
  public List<DataFile> files(List<Path> given) throws IOException {
    List<DataFile> files = new ArrayList<>();
    for (Path file : given) {
      files.add(DataFile.read("--data", file));
    }
    if (given.isEmpty()) {
      for (String path : packaged) {
        files.add(DataFile.packaged(path));
      }
    }
    if (files.isEmpty()) {
      throw new IllegalArgumentException(
          "--data: missing (expected: the files of %s, which are not packaged with Urteil)"
              .formatted(name));
    }
    return files;
  }

  /**
   * The comparisons of the files, in their order.
   *
   * @throws IllegalArgumentException naming every invalid row
   */
  public List<Comparison> read(List<DataFile> files) throws IOException {
    return DataRows.read(files, reader);
  }

  private static Function<List<Comparison>, Measure> pairs(By by) {
    return comparisons -> new PairMeasure(by, false);
  }

  private static void add(
      String name,
      String what,
      List<String> packaged,
      CandidateOrders orders,
      Function<DataRow, List<Comparison>> reader,
      Function<List<Comparison>, Measure> measure) {
    ALL.put(name, new Benchmark(name, what, List.copyOf(packaged), orders, reader, measure));
  }
}
