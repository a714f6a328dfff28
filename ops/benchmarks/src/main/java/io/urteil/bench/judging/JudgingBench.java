package io.urteil.bench.judging;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.bench.Median;
import io.urteil.bench.UrteilProgram;
import io.urteil.bench.judging.JudgingReport.Backend;
import io.urteil.bench.judging.JudgingReport.Judge;
import io.urteil.evaluation.report.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Measures how many judgements a minute the service gives, end to end and by its defaults: {@code
 * urteil evaluate} in a process of its own judges pairs of the benchmark {@code hhh} in both
 * orders, with a rubric of about 600 tokens, greedily. The same command with the same prompts then
 * asks llama.cpp's server with the same weights. The rounds alternate.
 *
 * <p>The time of the engine contains opening its model; llama.cpp's server is ready before.
 */
public final class JudgingBench {

  /** Tokens of a sequence, prompt and answer together. */
  private static final int CONTEXT = 2048;

  private static final long LIMIT_MINUTES = 60;
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * @param model model directory or name
   * @param pairs number of pairs
   * @param maxTokens limit of an answer
   * @param rounds number of rounds
   * @param directory files of the benchmark
   * @param llama llama.cpp; empty to omit it
   */
  public record Settings(
      String model, int pairs, int maxTokens, int rounds, Path directory, Optional<Llama> llama) {}

  /**
   * @param server llama.cpp's program llama-server
   * @param model the model as GGUF in f32
   * @param eightBits the model as GGUF in Q8_0
   * @param parallel sequences that it decodes together
   */
  public record Llama(Path server, Path model, Optional<Path> eightBits, int parallel) {}

  /** A judge to measure. */
  private record Subject(Backend backend, String weights, @Nullable Path gguf) {

    private String name() {
      return backend.label() + " " + weights;
    }
  }

  /** One evaluation. */
  private record Measured(double perMinute, double promptTokens, double completionTokens) {}

  private final Settings settings;

  public JudgingBench(Settings settings) {
    this.settings = settings;
  }

  /** Runs all rounds on the calling thread. {@code progress} receives a line per evaluation. */
  public JudgingReport run(Consumer<String> progress) throws IOException, InterruptedException {
    Files.createDirectories(settings.directory());
    if (settings.llama().isEmpty()) {
      progress.accept("without llama.cpp (no --llama-server)");
    }
    List<Subject> subjects = subjects();
    SequencedMap<Subject, List<Measured>> results = new LinkedHashMap<>();
    subjects.forEach(subject -> results.put(subject, new ArrayList<>()));
    for (int round = 0; round < settings.rounds(); round++) {
      for (Subject subject : round % 2 == 0 ? subjects : subjects.reversed()) {
        Measured measured = measure(subject, round);
        results.computeIfAbsent(subject, one -> new ArrayList<>()).add(measured);
        progress.accept(
            "round %d of %d, %s: %.1f judgements a minute"
                .formatted(round + 1, settings.rounds(), subject.name(), measured.perMinute()));
      }
    }
    return report(results);
  }

  private List<Subject> subjects() {
    List<Subject> subjects = new ArrayList<>();
    subjects.add(new Subject(Backend.ENGINE, "f32", null));
    subjects.add(new Subject(Backend.ENGINE, "int8", null));
    settings
        .llama()
        .ifPresent(
            llama -> {
              subjects.add(new Subject(Backend.LLAMA_CPP, "f32", llama.model()));
              llama
                  .eightBits()
                  .ifPresent(gguf -> subjects.add(new Subject(Backend.LLAMA_CPP, "int8", gguf)));
            });
    return subjects;
  }

  private Measured measure(Subject subject, int round) throws IOException, InterruptedException {
    Path home =
        Files.createTempDirectory(
            settings.directory(), subject.name().replace(' ', '-') + "-" + round + "-");
    Path gguf = subject.gguf();
    if (gguf == null) {
      return evaluate(home, localModel(subject.weights()), List.of());
    }
    Llama llama = settings.llama().orElseThrow();
    try (LlamaServer server =
        LlamaServer.start(
            llama.server(),
            gguf,
            Runtime.getRuntime().availableProcessors(),
            llama.parallel(),
            CONTEXT,
            home.resolve("llama-server.log"))) {
      Path servers = home.resolve("servers.yaml");
      Files.writeString(
          servers,
          "servers: { llama: { url: \"%s\", model: model, concurrency: %d } }%n"
              .formatted(server.url(), llama.parallel()));
      ObjectNode judge = JSON.createObjectNode().put("server", "llama");
      return evaluate(home, judge, List.of("--servers", servers.toString()));
    }
  }

  private ObjectNode localModel(String weights) {
    ObjectNode judge = JSON.createObjectNode().put("model", settings.model());
    if (!weights.equals("f32")) {
      judge.put("weights", weights);
    }
    return judge;
  }

  private Measured evaluate(Path home, ObjectNode judge, List<String> more)
      throws IOException, InterruptedException {
    Path report = home.resolve("report.json");
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "evaluate",
                "hhh",
                "--limit",
                "" + settings.pairs(),
                "--orders",
                "both",
                "--run-file",
                runFile(home, judge).toString(),
                "--data-dir",
                home.resolve("data").toString(),
                "--report",
                report.toString()));
    arguments.addAll(more);
    ProcessBuilder builder =
        new ProcessBuilder(UrteilProgram.command(List.of(), arguments))
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("evaluate.log").toFile());
    builder.environment().putAll(UrteilProgram.environment());
    Process process = builder.start();
    try {
      if (!process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(
            "urteil evaluate failed or took over %d minutes; see %s"
                .formatted(LIMIT_MINUTES, home.resolve("evaluate.log")));
      }
    } finally {
      process.destroyForcibly();
    }
    return measured(report, home.resolve("report.items.jsonl"));
  }

  /** YAML is a superset of JSON. */
  private Path runFile(Path home, ObjectNode judge) throws IOException {
    Path prompt = home.resolve("rubric.yaml");
    try (InputStream rubric = JudgingBench.class.getResourceAsStream("rubric.yaml")) {
      Files.write(prompt, java.util.Objects.requireNonNull(rubric, "rubric.yaml").readAllBytes());
    }
    judge
        .put("type", "tournament")
        .put("prompt", prompt.toString())
        .put("orders", "given")
        .put("temperature", 0)
        .put("maxTokens", settings.maxTokens());
    ObjectNode run = JSON.createObjectNode().put("run", "bench-judging");
    run.putObject("judges").set("judge", judge);
    run.putObject("reward").put("rule", "scalar");
    Path file = home.resolve("run.yaml");
    JSON.writeValue(file.toFile(), run);
    return file;
  }

  private static Measured measured(Path report, Path items) throws IOException {
    double seconds = JSON.readTree(report.toFile()).path("seconds").asDouble();
    long judgements = 0;
    long promptTokens = 0;
    long completionTokens = 0;
    for (String line : Files.readAllLines(items)) {
      JsonNode item = JSON.readTree(line);
      judgements++;
      promptTokens += item.path("promptTokens").asLong();
      completionTokens += item.path("completionTokens").asLong();
    }
    return new Measured(
        60 * judgements / seconds,
        (double) promptTokens / judgements,
        (double) completionTokens / judgements);
  }

  private JudgingReport report(Map<Subject, List<Measured>> results) {
    Map<String, Double> llamaCpp = new LinkedHashMap<>();
    results.forEach(
        (subject, rounds) -> {
          if (subject.backend() == Backend.LLAMA_CPP) {
            llamaCpp.put(subject.weights(), median(rounds));
          }
        });
    List<Judge> judges = new ArrayList<>();
    results.forEach(
        (subject, rounds) -> {
          Double other = llamaCpp.get(subject.weights());
          Measured last = rounds.getLast();
          judges.add(
              new Judge(
                  subject.backend(),
                  subject.weights(),
                  rounds.stream().map(Measured::perMinute).toList(),
                  median(rounds),
                  other == null ? null : median(rounds) / other,
                  last.promptTokens(),
                  last.completionTokens()));
        });
    return new JudgingReport(
        settings.model(),
        settings.pairs(),
        settings.maxTokens(),
        settings.llama().map(Llama::parallel).orElse(0),
        settings.rounds(),
        Machine.description(),
        judges);
  }

  private static double median(List<Measured> rounds) {
    return Median.of(rounds.stream().map(Measured::perMinute).toList());
  }
}
