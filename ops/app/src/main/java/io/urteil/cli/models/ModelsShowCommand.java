package io.urteil.cli.models;

import io.urteil.cli.option.ExitCode;
import io.urteil.cli.option.UrteilSubcommand;
import io.urteil.engine.onnx.ModelMemory;
import io.urteil.file.HubCache;
import io.urteil.file.ModelName;
import io.urteil.local.hub.ModelFetch;
import io.urteil.local.settings.ProcessSettings;
import io.urteil.model.DecoderConfig;
import io.urteil.model.ModelDirectory;
import io.urteil.model.WeightTensor;
import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.safetensors.DataType;
import io.urteil.model.tokenizer.PromptEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code urteil models show}. */
@Command(
    name = "show",
    description = {
      "Describes a model: shape, number format, context, chat template, whether it is served, and"
          + " the memory of a judge with this process's settings.",
      "Of a model that is not in the cache, only the configuration and the tokenizer are"
          + " downloaded. Exits with 2 if the model is not served."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  urteil models show Qwen/Qwen2.5-7B-Instruct",
      "  urteil models show .urteil/demo/demo-001/seed-judge"
    })
final class ModelsShowCommand extends UrteilSubcommand {

  @Parameters(
      paramLabel = "NAME|DIR",
      description = "Name of a model on the hub, or a model directory.")
  private Path named = Path.of("");

  private final List<String> problems = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    NamedModels models = NamedModels.ofProcess(errors());
    Optional<ModelName> uncached = models.uncached(named);
    if (uncached.isPresent()) {
      ModelFetch.Preview preview = models.preview(uncached.get());
      line("model", uncached.get() + ", weights not downloaded");
      return describe(preview.snapshot().directory(), Optional.of(preview.weightBytes()));
    }
    Path directory = models.directory("NAME|DIR", named);
    line("model", HubCache.displayName(directory.toAbsolutePath().normalize()));
    return describe(directory, Optional.empty());
  }

  private int describe(Path directory, Optional<Long> listedBytes) throws IOException {
    line("directory", directory);
    if (!Files.isDirectory(directory)) {
      throw new UnusableModelException(directory, List.of("there is no such directory"));
    }
    Optional<DecoderConfig> config = config(directory);
    DataType embedding = DataType.BF16;
    if (listedBytes.isPresent()) {
      config.ifPresent(this::shape);
      line("bytes", TransferLine.size(listedBytes.get()) + " of weights on the hub");
    } else {
      Optional<ModelDirectory> model = model(directory);
      config.ifPresent(this::shape);
      if (model.isPresent()) {
        weights(model.get());
        embedding = model.get().weights().firstEntry().getValue().entry().dataType();
      }
    }
    texts(directory);
    if (config.isPresent()) {
      memory(config.get(), embedding);
    }
    line("served", problems.isEmpty() ? "yes" : "no: " + String.join("; ", problems));
    return problems.isEmpty() ? ExitCode.OK : ExitCode.USAGE;
  }

  private Optional<DecoderConfig> config(Path directory) throws IOException {
    try {
      return Optional.of(DecoderConfig.read(directory));
    } catch (UnusableModelException e) {
      e.problems().stream()
          .map(problem -> problem.startsWith("config") ? problem : "config.json: " + problem)
          .forEach(problems::add);
      return Optional.empty();
    }
  }

  /** The complete model; problems of its configuration are known already. */
  private Optional<ModelDirectory> model(Path directory) throws IOException {
    try {
      return Optional.of(ModelDirectory.open(directory));
    } catch (UnusableModelException e) {
      e.problems().stream()
          .filter(problem -> problems.stream().noneMatch(known -> known.endsWith(problem)))
          .filter(problem -> !problem.startsWith(DecoderConfig.FILE_NAME) || problems.isEmpty())
          .forEach(problems::add);
      return Optional.empty();
    }
  }

  private void shape(DecoderConfig config) {
    line(
        "architecture",
        "%s, %s, %d layers, hidden size %d, %d heads, %d of keys and values"
            .formatted(
                config.modelType(),
                config.isScalar() ? "reward model with a scalar head" : "language model",
                config.layers(),
                config.hiddenSize(),
                config.heads(),
                config.keyValueHeads()));
    double parameters =
        config.tensorShapes().values().stream()
            .mapToDouble(shape -> Arrays.stream(shape).asDoubleStream().reduce(1, (a, b) -> a * b))
            .sum();
    line("parameters", String.format(Locale.ROOT, "%.1f million", parameters / 1e6));
    line("context", "%,d tokens".formatted(config.maxPositions()));
  }

  private void weights(ModelDirectory model) throws IOException {
    TreeMap<DataType, Long> formats = new TreeMap<>();
    TreeSet<Path> files = new TreeSet<>();
    for (WeightTensor tensor : model.weights().values()) {
      formats.merge(tensor.entry().dataType(), 1L, Long::sum);
      files.add(tensor.file().file());
    }
    line(
        "number format",
        formats.entrySet().stream()
            .map(format -> format.getKey() + " (" + format.getValue() + " tensors)")
            .collect(Collectors.joining(", ")));
    long bytes = 0;
    for (Path file : files) {
      bytes += Files.size(file);
    }
    line("bytes", "%s in %d files".formatted(TransferLine.size(bytes), files.size()));
  }

  private void texts(Path directory) throws IOException {
    try {
      PromptEncoder.open(directory.resolve("tokenizer.json")).close();
    } catch (UnusableModelException e) {
      e.problems().stream()
          .map(problem -> problem.startsWith("tokenizer") ? problem : "tokenizer.json: " + problem)
          .forEach(problems::add);
    }
    try {
      line(
          "chat template",
          ChatTemplate.read(directory).isPresent()
              ? "yes"
              : "no; only prompts of raw text are accepted");
    } catch (UnusableModelException e) {
      line("chat template", "unusable");
      problems.addAll(e.problems());
    }
  }

  private void memory(DecoderConfig config, DataType embedding) {
    ProcessSettings process = ProcessSettings.ofProcess();
    ModelMemory memory =
        ModelMemory.of(config, embedding, process.judge().models(), process.runtime());
    line(
        "memory",
        ("%s as a judge with f32 weights, %s with int8, for %d slots of at most %,d tokens in a"
                + " cache of %s; %s free")
            .formatted(
                TransferLine.size(memory.f32()),
                TransferLine.size(memory.int8()),
                memory.settings().slots(),
                memory.settings().slotCapacity(),
                TransferLine.size(memory.cacheBytes()),
                TransferLine.size(memory.free())));
    memory
        .advice()
        .ifPresent(
            advice ->
                line(
                    "fits",
                    "no, %s too much; %s"
                        .formatted(TransferLine.size(memory.f32() - memory.free()), advice)));
  }

  private void line(String what, Object value) {
    output().println("%-14s %s".formatted(what, value));
  }
}
