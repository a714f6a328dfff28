package io.urteil.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.chat.ServerAnswerReading;
import io.urteil.event.EventCodec;
import io.urteil.jinja.JinjaTemplate;
import io.urteil.jinja.TemplateException;
import io.urteil.judges.answer.AnswerReading;
import io.urteil.model.DecoderConfig;
import io.urteil.model.GenerationDefaults;
import io.urteil.model.file.UnusableModelException;
import io.urteil.model.safetensors.Safetensors;
import io.urteil.model.safetensors.TensorData;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.model.tokenizer.Tokenizer;
import io.urteil.pair.PairFormatException;
import io.urteil.pair.PairRows;
import io.urteil.prompt.VerdictFormat;
import io.urteil.run.RunFileException;
import io.urteil.run.RunFileReader;
import io.urteil.table.DataTable;
import io.urteil.table.RowReader;
import io.urteil.table.TableFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * The readers of foreign bytes. Each either reads its input or rejects it with its own exception;
 * anything else that it throws, twenty seconds, and an exhausted memory are faults.
 */
enum FuzzTarget {

  /** Values of records. */
  EVENT {
    private final EventCodec codec = new EventCodec();

    @Override
    void run(byte[] input) {
      if (codec.decode(input) == null) {
        throw new IllegalStateException("no result");
      }
    }

    @Override
    List<byte[]> seeds() {
      return new RandomEvents().encoded(4);
    }
  },

  RUN_FILE {
    @Override
    void run(byte[] input) {
      try {
        RunFileReader.read("run.yaml", text(input));
      } catch (RunFileException e) {
        rejected(e);
      }
    }

    @Override
    List<byte[]> seeds() {
      return files(ROOT.resolve("ops/runs"), ".yaml");
    }
  },

  CONFIG {
    @Override
    void run(byte[] input) throws IOException {
      try {
        DecoderConfig config = DecoderConfig.read(directoryWith(DecoderConfig.FILE_NAME, input));
        config.tensorShapes();
        config.rotaryFrequencies();
        config.toJson();
      } catch (UnusableModelException e) {
        rejected(e);
      }
      try {
        GenerationDefaults.read(directoryWith(GenerationDefaults.FILE_NAME, input));
      } catch (UnusableModelException e) {
        rejected(e);
      }
    }

    @Override
    List<byte[]> seeds() {
      return List.of(
          config().toJson().getBytes(UTF_8),
          "{\"temperature\":0.7,\"top_p\":0.8,\"top_k\":20,\"eos_token_id\":[1,2]}"
              .getBytes(UTF_8));
    }
  },

  TOKENIZER {
    @Override
    void run(byte[] input) throws IOException {
      Path file = directoryWith(Tokenizer.FILE_NAME, input).resolve(Tokenizer.FILE_NAME);
      try (Tokenizer tokenizer = Tokenizer.open(file)) {
        tokenizer.decode(tokenizer.encode("a b <eos>"));
      } catch (UnusableModelException e) {
        rejected(e);
      }
      try {
        PromptEncoder.open(file).close();
      } catch (UnusableModelException e) {
        rejected(e);
      }
    }

    @Override
    List<byte[]> seeds() {
      return files(ROOT.resolve("schemas/models/src/test/resources/chat"), "tokenizer.json");
    }
  },

  WEIGHTS {
    @Override
    void run(byte[] input) throws IOException {
      try {
        Safetensors file =
            Safetensors.open(directoryWith("x.safetensors", input).resolve("x.safetensors"));
        file.entries().values().forEach(entry -> file.slice(entry.name()));
      } catch (UnusableModelException e) {
        rejected(e);
      }
    }

    @Override
    List<byte[]> seeds() {
      SequencedMap<String, TensorData> tensors = new LinkedHashMap<>();
      tensors.put("a", TensorData.floats(new long[] {2, 3}, new float[6]));
      tensors.put("b", TensorData.longs(new long[] {1}, new long[1]));
      try {
        Path file = Files.createTempFile("seed", ".safetensors");
        Safetensors.write(file, tensors, Map.of("format", "pt"));
        byte[] seed = Files.readAllBytes(file);
        Files.delete(file);
        return List.of(seed);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  },

  TEMPLATE {
    private final Map<String, Object> variables =
        Map.of(
            "messages",
            List.of(
                Map.of("role", "system", "content", "Be fair."),
                Map.of("role", "user", "content", "hi\n</think>x"),
                Map.of("role", "assistant", "content", "")),
            "add_generation_prompt",
            true,
            "bos_token",
            "<s>");

    @Override
    void run(byte[] input) {
      try {
        JinjaTemplate.parse(text(input)).render(variables);
      } catch (TemplateException e) {
        if (e.getCause() != null && !(e.getCause() instanceof ArithmeticException)) {
          throw new IllegalStateException("a failure that no rule of the language names", e);
        }
      }
    }

    @Override
    List<byte[]> seeds() {
      return files(ROOT.resolve("schemas/models/src/test/resources/chat/templates"), ".jinja");
    }
  },

  VERDICT {
    @Override
    void run(byte[] input) {
      String text = text(input);
      for (VerdictFormat format : VerdictFormat.values()) {
        format.parse(text);
      }
    }

    @Override
    List<byte[]> seeds() {
      return texts(
          "<think>x</think><answer>7,3</answer>",
          "<think>x</think><answer>7</answer><answer>3</answer>",
          "<think>x</think> <answer> [[A]] </answer>",
          "<think>x</think> <score_A> 7 </score_A> <score_B> 3 </score_B>",
          "<score_assistant_1>7</score_assistant_1><score_assistant_2>3</score_assistant_2>",
          "x</think> \\boxed{Assistant 1}",
          "Therefore, Response (a) is better, and the strength is [[2]].",
          "<Score 1>30</Score 1> and <Score 2>80</Score 2>, respectively.",
          "Is the answer correct (Yes/No)? Yes",
          "Feedback: x [RESULT] 4",
          "```json\n{\"score\": 0.7, \"verdict\": \"A\"}\n```",
          "{\"scores\": [{\"trajectory_id\": \"1\", \"score\": 0.9}]}");
    }
  },

  /** A text and a reference, divided by NUL. */
  ANSWER {
    @Override
    void run(byte[] input) {
      String text = text(input);
      int middle = text.indexOf('\0');
      String reference = middle < 0 ? text : text.substring(middle + 1);
      AnswerReading.read(middle < 0 ? text : text.substring(0, middle), reference);
    }

    @Override
    List<byte[]> seeds() {
      return texts(
          "The answer is 1,000.50 $\0#### 1000.5",
          "\\boxed{\\frac{1}{2}}\0x = 0.5",
          "\\{1, 2\\} \\cup [3, \\infty)\0{2,1}",
          "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4\\end{pmatrix}\0\\sqrt[3]{8}!^{2}",
          "(B) the text\0B",
          "3 1/2 million %\0x^2 + \\sin{x} \\leq 5_2",
          "\\text{12 cm}^2 \\pm 1e9\0\\log_2 8");
    }
  },

  PAIR {
    @Override
    void run(byte[] input) {
      PairRows pairs = new PairRows();
      try {
        DataTable.read(
            "pairs.jsonl",
            // Not a format that is recognised by its first bytes.
            ("\n" + text(input)).getBytes(UTF_8),
            new RowReader() {
              @Override
              public void row(String position, ObjectNode row) {
                try {
                  pairs.read(row);
                } catch (PairFormatException e) {
                  // It names the field.
                }
              }

              @Override
              public void invalid(String position, String problem) {
                // It is reported with its position.
              }
            });
      } catch (TableFormatException e) {
        // The file is in no format.
      }
    }

    @Override
    List<byte[]> seeds() {
      return texts(
          "{\"id\":\"1\",\"question\":\"q\",\"answers\":[\"a\",\"b\"],\"preferred\":\"A\"}",
          "{\"id\":\"1\",\"question\":\"q\",\"a\":\"x\",\"b\":\"y\",\"scores\":[9,2],\"strength\":-3}",
          "{\"prompt\":\"p\",\"chosen\":[{\"role\":\"user\",\"content\":\"c\"}],\"rejected\":\"r\"}",
          "{\"question_body\":\"q\",\"answer1_body\":\"a\",\"answer2_body\":\"b\",\"score\":[1,2.5]}",
          "{\"instruction\":\"q\",\"completions\":[{\"response\":\"a\",\"overall_score\":1}]}",
          "{\"prompt\":\"p\",\"response_1\":\"a\",\"scores\":[true],\"sampled_conflict_pairs\":[[0,1]]}",
          "{\"conversation_input\":[],\"bon_best\":{\"answer\":\"a\"},\"loser_list\":[{}]}");
    }
  },

  SERVER_ANSWER {
    @Override
    void run(byte[] input) {
      ServerAnswerReading.read(text(input));
    }

    @Override
    List<byte[]> seeds() {
      return texts(
          "{\"model\":\"m\",\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1},\"choices\":[{"
              + "\"message\":{\"content\":\"yes\",\"reasoning_content\":\"r\"},\"finish_reason\":"
              + "\"stop\",\"logprobs\":{\"content\":[{\"token\":\"yes\",\"logprob\":-0.1,"
              + "\"top_logprobs\":[{\"token\":\"no\",\"logprob\":-2.5}]}]}}]}",
          "{\"choices\":[{\"text\":\"yes\",\"finish_reason\":\"length\",\"logprobs\":{\"tokens\":"
              + "[\"yes\"],\"token_logprobs\":[-0.1],\"top_logprobs\":[{\"yes\":-0.1,\"no\":-3}]}}]}");
    }
  };

  private static final Path ROOT = Path.of(System.getProperty("urteil.fuzz.root", "../.."));

  /** Reads one input; throws if that is a fault. */
  abstract void run(byte[] input) throws IOException;

  /** Valid inputs, from which others are derived. */
  abstract List<byte[]> seeds();

  /** The name in options and of the folder with the findings. */
  String spelling() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static FuzzTarget named(String spelling) {
    return Stream.of(values())
        .filter(target -> target.spelling().equals(spelling))
        .findAny()
        .orElseThrow(() -> new IllegalArgumentException("no target '%s'".formatted(spelling)));
  }

  private static void rejected(RuntimeException e) {
    if (e.getMessage() == null || e.getMessage().length() > 200_000) {
      throw new IllegalStateException("a message that no log can hold", e);
    }
  }

  private static String text(byte[] input) {
    return new String(input, UTF_8);
  }

  private static DecoderConfig config() {
    return new DecoderConfig(
        "qwen2",
        new DecoderConfig.Dimensions(8, 12, 1, 2, 1, 4, 10, 32),
        1e-6,
        1e4,
        true,
        List.of(1));
  }

  private static Path directoryWith(String name, byte[] content) throws IOException {
    Files.write(Scratch.DIRECTORY.resolve(name), content);
    return Scratch.DIRECTORY;
  }

  private static final class Scratch {
    static final Path DIRECTORY = create();

    private static Path create() {
      try {
        return Files.createDirectories(Path.of("target/fuzz/scratch").toAbsolutePath());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static List<byte[]> texts(String... texts) {
    return Stream.of(texts).map(text -> text.getBytes(UTF_8)).toList();
  }

  private static List<byte[]> files(Path directory, String suffix) {
    try (Stream<Path> files = Files.list(directory)) {
      List<byte[]> contents = new ArrayList<>();
      for (Path file : files.filter(f -> f.toString().endsWith(suffix)).sorted().toList()) {
        contents.add(Files.readAllBytes(file));
      }
      return contents;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
