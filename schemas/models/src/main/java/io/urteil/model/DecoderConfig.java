package io.urteil.model;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.urteil.model.file.BoundedFile;
import io.urteil.model.file.StrictJson;
import io.urteil.model.file.UnusableModelException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a decoder-only transformer of the Qwen2, Qwen3 or Llama family: grouped-query
 * attention with rotary positions, RMS norm, SwiGLU. It contains everything that engine and trainer
 * need to build the model; a config.json with other features is rejected.
 *
 * @param modelType {@code qwen2}, {@code qwen3} or {@code llama}
 * @param ropeTheta base of the rotary angles
 * @param tiedEmbeddings whether the output head is the embedding matrix
 * @param endOfSequenceIds may be empty
 * @param rotaryScaling of the frequencies
 * @param scalarHead null for a language model; else the head of a scalar model
 */
public record DecoderConfig(
    String modelType,
    Dimensions dimensions,
    double rmsNormEpsilon,
    double ropeTheta,
    boolean tiedEmbeddings,
    List<Integer> endOfSequenceIds,
    RotaryScaling rotaryScaling,
    @Nullable ScalarHead scalarHead) {

  /**
   * Sizes of the tensors.
   *
   * @param headDimension per attention head; {@code heads * headDimension} need not be the hidden
   *     size
   * @param maxPositions longest sequence, prompt and completion together
   */
  public record Dimensions(
      int hiddenSize,
      int intermediateSize,
      int layers,
      int heads,
      int keyValueHeads,
      int headDimension,
      int vocabularySize,
      int maxPositions) {

    // Far above every published model; within them, sizes of tensors fit 64 bits.
    private static final int WIDTH_MAX = 1 << 20;
    private static final int LAYERS_MAX = 10_000;
    private static final int HEADS_MAX = 1 << 16;
    private static final int VOCABULARY_MAX = 1 << 24;

    private void check(List<String> problems) {
      within(problems, "hidden_size", hiddenSize, 1, WIDTH_MAX);
      within(problems, "intermediate_size", intermediateSize, 1, WIDTH_MAX);
      within(problems, "num_hidden_layers", layers, 1, LAYERS_MAX);
      within(problems, "num_attention_heads", heads, 1, HEADS_MAX);
      within(problems, "num_key_value_heads", keyValueHeads, 1, HEADS_MAX);
      within(problems, "head_dim", headDimension, 2, HEADS_MAX);
      within(problems, "vocab_size", vocabularySize, 1, VOCABULARY_MAX);
      atLeast(problems, "max_position_embeddings", maxPositions, 1);
      if (keyValueHeads >= 1 && heads % keyValueHeads != 0) {
        problems.add(
            "num_attention_heads: %d (expected: a multiple of num_key_value_heads, %d)"
                .formatted(heads, keyValueHeads));
      }
      if (headDimension % 2 != 0) {
        problems.add(
            "head_dim: %d (expected: even, for rotary positions)".formatted(headDimension));
      }
    }
  }

  /**
   * A head that computes numbers from the last token's hidden state ({@code
   * …ForSequenceClassification}), as reward models have.
   *
   * @param labels number of outputs
   * @param padTokenId ignored at the end of a sequence; null for none
   */
  public record ScalarHead(int labels, @Nullable Integer padTokenId) {}

  static final String SCORE = "score.weight";
  private static final int LABELS_MAX = 1 << 16;
  private static final long BYTES_MAX = 4_000_000;

  public static final String FILE_NAME = "config.json";

  public DecoderConfig {
    endOfSequenceIds = List.copyOf(endOfSequenceIds);
    List<String> problems = new ArrayList<>();
    dimensions.check(problems);
    if (!(rmsNormEpsilon > 0 && rmsNormEpsilon < Double.POSITIVE_INFINITY)) {
      problems.add("rms_norm_eps: %s (expected: > 0)".formatted(rmsNormEpsilon));
    }
    if (!(ropeTheta > 0 && ropeTheta < Double.POSITIVE_INFINITY)) {
      problems.add("rope_theta: %s (expected: > 0)".formatted(ropeTheta));
    }
    for (int id : endOfSequenceIds) {
      if (id < 0 || id >= dimensions.vocabularySize()) {
        problems.add(
            "eos_token_id: %d (expected: 0 to %d, an id of the vocabulary)"
                .formatted(id, dimensions.vocabularySize() - 1));
      }
    }
    problems.addAll(rotaryScaling.problems());
    if (scalarHead != null) {
      within(problems, "num_labels", scalarHead.labels(), 1, LABELS_MAX);
    }
    if (!problems.isEmpty()) {
      throw new UnusableModelException(Path.of(FILE_NAME), problems);
    }
  }

  /** A language model with unscaled rotary frequencies. */
  public DecoderConfig(
      String modelType,
      Dimensions dimensions,
      double rmsNormEpsilon,
      double ropeTheta,
      boolean tiedEmbeddings,
      List<Integer> endOfSequenceIds) {
    this(
        modelType,
        dimensions,
        rmsNormEpsilon,
        ropeTheta,
        tiedEmbeddings,
        endOfSequenceIds,
        RotaryScaling.NONE,
        null);
  }

  public int hiddenSize() {
    return dimensions.hiddenSize();
  }

  public int intermediateSize() {
    return dimensions.intermediateSize();
  }

  public int layers() {
    return dimensions.layers();
  }

  public int heads() {
    return dimensions.heads();
  }

  public int keyValueHeads() {
    return dimensions.keyValueHeads();
  }

  public int headDimension() {
    return dimensions.headDimension();
  }

  public int vocabularySize() {
    return dimensions.vocabularySize();
  }

  public int maxPositions() {
    return dimensions.maxPositions();
  }

  /**
   * Whether query, key and value projections have a bias, by the family; the output projection
   * never has one.
   */
  public boolean attentionBias() {
    return ModelFamily.of(modelType).attentionBias();
  }

  /** Whether each query and key head is RMS-normalised before the rotation, by the family. */
  public boolean queryKeyNorm() {
    return ModelFamily.of(modelType).queryKeyNorm();
  }

  /** Whether it is a scalar model. */
  public boolean isScalar() {
    return scalarHead != null;
  }

  /** Outputs of the head per position: one per token of the vocabulary, or per label. */
  public int outputs() {
    return scalarHead == null ? vocabularySize() : scalarHead.labels();
  }

  /** The tensor of the head, {@code [outputs, hiddenSize]}. */
  public String headTensor() {
    return scalarHead != null
        ? SCORE
        : tiedEmbeddings ? "model.embed_tokens.weight" : "lm_head.weight";
  }

  /** Radians per position of each pair of a head's dimensions. */
  public double[] rotaryFrequencies() {
    return rotaryScaling.frequencies(ropeTheta, headDimension());
  }

  /**
   * Reads {@code config.json} of a model directory.
   *
   * @throws UnusableModelException naming every field that is missing, wrong or not supported
   * @throws IOException if the file is unreadable
   */
  public static DecoderConfig read(Path directory) throws IOException {
    Path file = directory.resolve(FILE_NAME);
    if (!Files.isRegularFile(file)) {
      throw new UnusableModelException(directory, List.of(FILE_NAME + ": there is no such file"));
    }
    return DecoderConfigReader.parse(file, BoundedFile.bytes(file, BYTES_MAX));
  }

  /** This configuration in Hugging Face format, which {@link #read} reads back unchanged. */
  public String toJson() {
    JsonMapper mapper = StrictJson.MAPPER;
    ObjectNode root = mapper.createObjectNode();
    root.putArray("architectures").add(ModelFamily.of(modelType).architecture(isScalar()));
    root.put("model_type", modelType);
    root.put("hidden_size", hiddenSize());
    root.put("intermediate_size", intermediateSize());
    root.put("num_hidden_layers", layers());
    root.put("num_attention_heads", heads());
    root.put("num_key_value_heads", keyValueHeads());
    root.put("head_dim", headDimension());
    root.put("vocab_size", vocabularySize());
    root.put("max_position_embeddings", maxPositions());
    root.put("rms_norm_eps", rmsNormEpsilon);
    root.put("rope_theta", ropeTheta);
    if (rotaryScaling instanceof RotaryScaling.Llama3 scaling) {
      root.putObject("rope_scaling")
          .put("rope_type", "llama3")
          .put("factor", scaling.factor())
          .put("low_freq_factor", scaling.lowFrequencyFactor())
          .put("high_freq_factor", scaling.highFrequencyFactor())
          .put("original_max_position_embeddings", scaling.originalPositions());
    }
    if (scalarHead != null) {
      ObjectNode labels = root.putObject("id2label");
      for (int label = 0; label < scalarHead.labels(); label++) {
        labels.put(Integer.toString(label), "LABEL_" + label);
      }
      if (scalarHead.padTokenId() != null) {
        root.put("pad_token_id", scalarHead.padTokenId());
      }
    }
    root.put("tie_word_embeddings", tiedEmbeddings);
    root.put("hidden_act", "silu");
    root.put("torch_dtype", "float32");
    root.put("use_cache", true);
    if (endOfSequenceIds.size() == 1) {
      root.put("eos_token_id", endOfSequenceIds.getFirst());
    } else if (!endOfSequenceIds.isEmpty()) {
      endOfSequenceIds.forEach(root.putArray("eos_token_id")::add);
    }
    return root.toPrettyString() + "\n";
  }

  /** Writes {@code config.json} into a directory. */
  public void write(Path directory) throws IOException {
    Files.writeString(directory.resolve(FILE_NAME), toJson());
  }

  /**
   * Every tensor of such a model, by its Hugging Face name; matrices are {@code [out, in]}, as in
   * PyTorch's Linear.
   */
  public SequencedMap<String, long[]> tensorShapes() {
    SequencedMap<String, long[]> shapes = new LinkedHashMap<>();
    shapes.put("model.embed_tokens.weight", new long[] {vocabularySize(), hiddenSize()});
    for (int layer = 0; layer < layers(); layer++) {
      putLayer(shapes, "model.layers." + layer + ".");
    }
    shapes.put("model.norm.weight", new long[] {hiddenSize()});
    if (isScalar() || !tiedEmbeddings) {
      shapes.put(headTensor(), new long[] {outputs(), hiddenSize()});
    }
    return Collections.unmodifiableSequencedMap(shapes);
  }

  private void putLayer(SequencedMap<String, long[]> shapes, String prefix) {
    long queryWidth = (long) heads() * headDimension();
    long keyWidth = (long) keyValueHeads() * headDimension();
    shapes.put(prefix + "input_layernorm.weight", new long[] {hiddenSize()});
    putProjection(shapes, prefix + "self_attn.q_proj", queryWidth);
    putProjection(shapes, prefix + "self_attn.k_proj", keyWidth);
    putProjection(shapes, prefix + "self_attn.v_proj", keyWidth);
    if (queryKeyNorm()) {
      shapes.put(prefix + "self_attn.q_norm.weight", new long[] {headDimension()});
      shapes.put(prefix + "self_attn.k_norm.weight", new long[] {headDimension()});
    }
    shapes.put(prefix + "self_attn.o_proj.weight", new long[] {hiddenSize(), queryWidth});
    shapes.put(prefix + "post_attention_layernorm.weight", new long[] {hiddenSize()});
    shapes.put(prefix + "mlp.gate_proj.weight", new long[] {intermediateSize(), hiddenSize()});
    shapes.put(prefix + "mlp.up_proj.weight", new long[] {intermediateSize(), hiddenSize()});
    shapes.put(prefix + "mlp.down_proj.weight", new long[] {hiddenSize(), intermediateSize()});
  }

  private void putProjection(SequencedMap<String, long[]> shapes, String prefix, long width) {
    shapes.put(prefix + ".weight", new long[] {width, hiddenSize()});
    if (attentionBias()) {
      shapes.put(prefix + ".bias", new long[] {width});
    }
  }

  private static void within(List<String> problems, String field, int value, int least, int most) {
    if (value > most) {
      problems.add("%s: %d (expected: <= %d)".formatted(field, value, most));
    }
    atLeast(problems, field, value, least);
  }

  private static void atLeast(List<String> problems, String field, int value, int least) {
    if (value < least) {
      problems.add("%s: %d (expected: >= %d)".formatted(field, value, least));
    }
  }
}
