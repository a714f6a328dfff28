package io.urteil.evaluation.measure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * RewardBench 1 (Lambert et al., arXiv 2403.13787): pairs in 23 subsets of four sections. A section
 * is the mean of its subsets weighted by their size, where math-prm counts as 984 pairs, as the six
 * subsets of code together; the accuracy is the mean of the sections with pairs.
 *
 * <p>Sections and weights follow {@code rewardbench/constants.py} of allenai/reward-bench.
 */
public record RewardBenchMeasure() implements MeanMeasure {

  public static final Map<String, List<String>> SUBSETS_OF =
      sections(
          List.of(
              "chat",
              "alpacaeval-easy",
              "alpacaeval-length",
              "alpacaeval-hard",
              "mt-bench-easy",
              "mt-bench-med"),
          List.of(
              "chatHard",
              "mt-bench-hard",
              "llmbar-natural",
              "llmbar-adver-neighbor",
              "llmbar-adver-GPTInst",
              "llmbar-adver-GPTOut",
              "llmbar-adver-manual"),
          List.of(
              "safety",
              "refusals-dangerous",
              "refusals-offensive",
              "xstest-should-refuse",
              "xstest-should-respond",
              "donotanswer"),
          List.of(
              "reasoning",
              "math-prm",
              "hep-cpp",
              "hep-go",
              "hep-java",
              "hep-js",
              "hep-python",
              "hep-rust"));

  private static final PairMeasure PAIRS = new PairMeasure(PairMeasure.By.HALF, true);
  private static final double MATH_WEIGHT = 984;

  @Override
  public String rule() {
    return "mean of the sections chat, chatHard, safety and reasoning, each the mean of its subsets"
        + " by size (math-prm counts as 984 pairs); a tie or an unreadable verdict counts 0.5";
  }

  @Override
  public double credit(JudgedComparison outcome) {
    return PAIRS.credit(outcome);
  }

  /** The score of each section with pairs. */
  @Override
  public SequencedMap<String, Double> figures(List<JudgedComparison> outcomes) {
    Map<String, double[]> sumAndCount = new LinkedHashMap<>();
    for (JudgedComparison outcome : outcomes) {
      double[] both =
          sumAndCount.computeIfAbsent(outcome.comparison().source(), key -> new double[2]);
      both[0] += credit(outcome);
      both[1]++;
    }
    SequencedMap<String, Double> sections = new LinkedHashMap<>();
    SUBSETS_OF.forEach(
        (section, subsets) -> {
          double sum = 0;
          double weight = 0;
          for (String subset : subsets) {
            double[] both = sumAndCount.get(subset);
            if (both != null) {
              double counted = subset.equals("math-prm") ? MATH_WEIGHT : both[1];
              sum += both[0] / both[1] * counted;
              weight += counted;
            }
          }
          if (weight > 0) {
            sections.put(section, sum / weight);
          }
        });
    return sections;
  }

  @SafeVarargs
  private static Map<String, List<String>> sections(List<String>... nameAndSubsets) {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    for (List<String> section : nameAndSubsets) {
      sections.put(section.getFirst(), section.subList(1, section.size()));
    }
    return sections;
  }
}
