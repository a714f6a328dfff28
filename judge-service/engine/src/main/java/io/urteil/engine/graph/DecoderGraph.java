package io.urteil.engine.graph;

import static io.urteil.engine.graph.OnnxGraph.MICROSOFT;
import static io.urteil.engine.graph.OnnxGraph.ONNX;

import io.urteil.engine.WeightPrecision;
import io.urteil.engine.graph.OnnxGraph.Element;
import io.urteil.model.DecoderConfig;
import io.urteil.model.WeightTensor;
import io.urteil.model.safetensors.DataType;
import io.urteil.model.safetensors.TensorEntry;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * The decoder of a {@link DecoderConfig} as an ONNX graph whose weights stay in their safetensors
 * files, in their stored layout.
 *
 * <p>Inputs, for a batch of rows with {@code sequence} new tokens each:
 *
 * <ul>
 *   <li>{@code input_ids} int64 {@code [batch, sequence]}
 *   <li>{@code seqlens_k} int32 {@code [batch]}: index of the row's last valid position, past
 *       included
 *   <li>{@code total_sequence_length} int32 scalar: largest length, past and new
 *   <li>{@code logits_position} int64 {@code [batch, 1]}: the new token of the row whose logits are
 *       computed
 *   <li>{@code past_key_values.i.key|value} float {@code [batch, keyValueHeads, capacity,
 *       headDimension]}; also bound as {@code present.i.key|value}, so they are extended in place
 * </ul>
 *
 * <p>Output: {@code logits} float {@code [batch, vocabulary]}, or {@code [batch, labels]} of a
 * scalar model. Several new tokens are legal for any number of rows without a past, and for one row
 * with a past.
 *
 * <p>A {@link GraphVariant} with top tokens adds the input {@code scale} float {@code [batch, 1]},
 * and the outputs {@code top_values} float and {@code top_ids} int64 {@code [batch, top]},
 * descending, and {@code block_sums} float {@code [batch, blocks]}, of exp((logit - largest) *
 * scale) over {@link #SUM_BLOCK} tokens each. In a variant with another element type all weights
 * have that type; keys, values, rotary tables and attention have the variant's type of the cache;
 * logits stay float.
 *
 * <p>Operators: GroupQueryAttention with rotary positions (Su et al. 2021, half-split as in Hugging
 * Face), RMS norm (Zhang and Sennrich 2019), SwiGLU (Shazeer 2020).
 */
public final class DecoderGraph {

  public static final String INPUT_IDS = "input_ids";
  public static final String LAST_POSITION = "seqlens_k";
  public static final String TOTAL_LENGTH = "total_sequence_length";
  public static final String LOGITS_POSITION = "logits_position";
  public static final String LOGITS = "logits";
  public static final String SCALE = "scale";
  public static final String TOP_VALUES = "top_values";
  public static final String TOP_IDS = "top_ids";
  public static final String BLOCK_SUMS = "block_sums";

  /** Tokens summed in one element of {@link #BLOCK_SUMS}; the last block may have fewer. */
  public static final int SUM_BLOCK = 64;

  /** The two cached tensors of a layer, by the suffix of their names. */
  public static final List<String> CACHE_PARTS = List.of("key", "value");

  /** Suffix of weights whose stored format differs from the graph's. */
  private static final String STORED = ".stored";

  public static final String EMBEDDING = "model.embed_tokens.weight";

  /** Declared location of weights whose data is passed to the session. */
  private static final String IN_MEMORY = "in-memory";

  private static final String COSINES = "cos_cache";
  private static final String SINES = "sin_cache";

  private final OnnxGraph graph = new OnnxGraph();
  private final DecoderConfig config;
  private final int positions;
  private final GraphVariant form;

  /** Shapes of the matrices that are quantised. */
  private final SequencedMap<String, long[]> quantised;

  private DecoderGraph(DecoderConfig config, int positions, GraphVariant form) {
    this.config = config;
    this.positions = positions;
    this.form = form;
    this.quantised =
        switch (form.weights()) {
          case F32 -> new LinkedHashMap<>();
          case INT8 -> Int8Weights.matrices(config);
        };
  }

  /**
   * @param positions maximum sequence length of the graph and number of rows of the rotary tables
   */
  public static byte[] export(
      DecoderConfig config, SequencedMap<String, WeightTensor> weights, int positions) {
    return export(config, weights, positions, GraphVariant.HOST);
  }

  /**
   * The same in another variant; one with {@link WeightPrecision#INT8} also needs {@link
   * Int8Weights} in its session.
   */
  public static byte[] export(
      DecoderConfig config,
      SequencedMap<String, WeightTensor> weights,
      int positions,
      GraphVariant form) {
    return new DecoderGraph(config, positions, form).build(weights);
  }

  public static String past(int layer, String part) {
    return "past_key_values." + layer + "." + part;
  }

  public static String present(int layer, String part) {
    return "present." + layer + "." + part;
  }

  private byte[] build(SequencedMap<String, WeightTensor> weights) {
    graph.input(INPUT_IDS, Element.INT64, "batch", "sequence");
    graph.input(LAST_POSITION, Element.INT32, "batch");
    graph.input(TOTAL_LENGTH, Element.INT32);
    graph.input(LOGITS_POSITION, Element.INT64, "batch", 1);
    WeightFolder folder = WeightFolder.of(weights.values());
    weights.forEach((name, tensor) -> weight(name, tensor, folder));
    quantised.forEach(this::quantisedWeight);
    rotaryTables();

    String hidden = embedding(weights);
    String normed = norm(hidden, "model.layers.0.input_layernorm.weight");
    for (int layer = 0; layer < config.layers(); layer++) {
      String prefix = "model.layers." + layer + ".";
      String attended = attention(layer, prefix + "self_attn.", normed);
      String afterAttention = graph.fresh();
      normed = addAndNorm(hidden, attended, prefix + "post_attention_layernorm", afterAttention);
      hidden = graph.fresh();
      normed =
          addAndNorm(
              afterAttention, feedForward(prefix + "mlp.", normed), normAfter(layer), hidden);
    }
    head(normed);
    return graph.toByteArray("decoder");
  }

  private void weight(String name, WeightTensor tensor, WeightFolder folder) {
    boolean gathered = name.equals(EMBEDDING);
    if (quantised.containsKey(name) && !gathered) {
      return;
    }
    TensorEntry entry = tensor.entry();
    String file = folder.location(tensor);
    Element element = element(entry.dataType());
    String stored = element == form.element() ? name : name + STORED;
    graph.external(stored, element, entry.shape(), file, entry.offset(), entry.length());
    if (element != form.element() && !(gathered && isQuantised())) {
      // The runtime computes this once, when it opens the session, and keeps only the result.
      cast(name, stored, form.element());
    }
  }

  /** {@link Int8Weights} supplies their data when the session is opened. */
  private void quantisedWeight(String name, long[] shape) {
    long[] bytes = {shape[0], BlockQuantisation.blocks(shape[1]), BlockQuantisation.BLOCK};
    graph.external(
        Int8Weights.bytesOf(name),
        Element.UINT8,
        bytes,
        IN_MEMORY,
        0,
        Int8Weights.byteCount(shape));
    long scales = Int8Weights.scaleCount(shape);
    graph.external(
        Int8Weights.scalesOf(name),
        Element.FLOAT,
        new long[] {scales},
        IN_MEMORY,
        0,
        scales * Float.BYTES);
  }

  private boolean isQuantised() {
    return !quantised.isEmpty();
  }

  /**
   * Rows of a table that is also a matrix factor are converted to floats once, others when read.
   */
  private String embedding(SequencedMap<String, WeightTensor> weights) {
    WeightTensor table = Objects.requireNonNull(weights.get(EMBEDDING), EMBEDDING);
    if (!isQuantised() || element(table.entry().dataType()) == form.element()) {
      return graph.node(ONNX, "Gather", Map.of("axis", 0), EMBEDDING, INPUT_IDS);
    }
    String rows = graph.node(ONNX, "Gather", Map.of("axis", 0), EMBEDDING + STORED, INPUT_IDS);
    return graph.node(ONNX, "Cast", Map.of("to", form.element().number()), rows);
  }

  private String attention(int layer, String prefix, String normed) {
    String query = project(normed, prefix + "q_proj");
    String key = project(normed, prefix + "k_proj");
    String value = project(normed, prefix + "v_proj");
    if (config.queryKeyNorm()) {
      query = normHeads(query, prefix + "q_norm.weight", config.heads());
      key = normHeads(key, prefix + "k_norm.weight", config.keyValueHeads());
    }
    for (String part : CACHE_PARTS) {
      Object[] shape = {"batch", config.keyValueHeads(), "capacity", config.headDimension()};
      graph.input(past(layer, part), form.cache(), shape);
      graph.output(present(layer, part), form.cache(), shape);
    }
    String attended = graph.fresh();
    graph.nodeTo(
        List.of(attended, present(layer, "key"), present(layer, "value")),
        MICROSOFT,
        "GroupQueryAttention",
        Map.of(
            "num_heads",
            config.heads(),
            "kv_num_heads",
            config.keyValueHeads(),
            "do_rotary",
            1,
            "rotary_interleaved",
            0),
        cached(query),
        cached(key),
        cached(value),
        past(layer, "key"),
        past(layer, "value"),
        LAST_POSITION,
        TOTAL_LENGTH,
        COSINES,
        SINES);
    return linear(converted(attended, form.cache(), form.element()), prefix + "o_proj.weight");
  }

  /** In the type of keys and values. */
  private String cached(String from) {
    return converted(from, form.element(), form.cache());
  }

  private String converted(String from, Element type, Element wanted) {
    return type == wanted ? from : graph.node(ONNX, "Cast", Map.of("to", wanted.number()), from);
  }

  private String feedForward(String prefix, String normed) {
    String gate = linear(normed, prefix + "gate_proj.weight");
    String up = linear(normed, prefix + "up_proj.weight");
    String activated = graph.node(MICROSOFT, "QuickGelu", Map.of("alpha", 1f), gate);
    return linear(graph.node(ONNX, "Mul", Map.of(), activated, up), prefix + "down_proj.weight");
  }

  /** The requested position of each row, before the widest matrix of the model is applied. */
  private void head(String normed) {
    String wanted = graph.node(ONNX, "GatherND", Map.of("batch_dims", 1), normed, LOGITS_POSITION);
    boolean single = form.element() == Element.FLOAT;
    String product = single ? LOGITS : graph.fresh();
    linear(product, wanted, config.headTensor());
    if (!single) {
      cast(LOGITS, product, Element.FLOAT);
    }
    graph.output(LOGITS, Element.FLOAT, "batch", config.outputs());
    if (form.top() > 0) {
      top();
    }
  }

  private void top() {
    graph.input(SCALE, Element.FLOAT, "batch", 1);
    graph.nodeTo(
        List.of(TOP_VALUES, TOP_IDS),
        ONNX,
        "TopK",
        Map.of("axis", -1, "largest", 1, "sorted", 1),
        LOGITS,
        graph.constant(form.top()));
    String largest = graph.node(ONNX, "Gather", Map.of("axis", 1), TOP_VALUES, graph.constant(0));
    String below = graph.node(ONNX, "Sub", Map.of(), LOGITS, largest);
    String weights =
        graph.node(ONNX, "Exp", Map.of(), graph.node(ONNX, "Mul", Map.of(), below, SCALE));
    long blocks = (config.vocabularySize() + SUM_BLOCK - 1L) / SUM_BLOCK;
    long missing = blocks * SUM_BLOCK - config.vocabularySize();
    if (missing > 0) {
      weights = graph.node(ONNX, "Pad", Map.of(), weights, graph.constant(0, 0, 0, missing));
    }
    graph.nodeTo(
        List.of(BLOCK_SUMS),
        ONNX,
        "ReduceSum",
        Map.of("keepdims", 0),
        graph.node(ONNX, "Reshape", Map.of(), weights, graph.constant(0, blocks, SUM_BLOCK)),
        graph.constant(2));
    graph.output(TOP_VALUES, Element.FLOAT, "batch", form.top());
    graph.output(TOP_IDS, Element.INT64, "batch", form.top());
    graph.output(BLOCK_SUMS, Element.FLOAT, "batch", blocks);
  }

  private void cast(String to, String from, Element element) {
    graph.nodeTo(List.of(to), ONNX, "Cast", Map.of("to", element.number()), from);
  }

  private String project(String from, String name) {
    String product = linear(from, name + ".weight");
    return config.attentionBias()
        ? graph.node(ONNX, "Add", Map.of(), product, name + ".bias")
        : product;
  }

  /** x W^T for a weight stored as {@code [out, in]}. */
  private String linear(String from, String weight) {
    String product = graph.fresh();
    linear(product, from, weight);
    return product;
  }

  private void linear(String product, String from, String weight) {
    long[] shape = quantised.get(weight);
    if (shape == null) {
      graph.nodeTo(List.of(product), MICROSOFT, "FusedMatMul", Map.of("transB", 1), from, weight);
      return;
    }
    graph.nodeTo(
        List.of(product),
        MICROSOFT,
        "MatMulNBits",
        Map.of(
            "K",
            shape[1],
            "N",
            shape[0],
            "bits",
            8,
            "block_size",
            BlockQuantisation.BLOCK,
            "accuracy_level",
            form.accuracyLevel()),
        from,
        Int8Weights.bytesOf(weight),
        Int8Weights.scalesOf(weight));
  }

  private String norm(String from, String weight) {
    return graph.node(
        ONNX,
        "SimplifiedLayerNormalization",
        Map.of("epsilon", (float) config.rmsNormEpsilon(), "axis", -1, "stash_type", 1),
        from,
        weight);
  }

  private String normHeads(String from, String weight, int heads) {
    String split =
        graph.node(
            ONNX, "Reshape", Map.of(), from, graph.constant(0, 0, heads, config.headDimension()));
    return graph.node(
        ONNX,
        "Reshape",
        Map.of(),
        norm(split, weight),
        graph.constant(0, 0, (long) heads * config.headDimension()));
  }

  private String addAndNorm(String hidden, String change, String weight, String sum) {
    String normed = graph.fresh();
    graph.nodeTo(
        List.of(normed, "", "", sum),
        MICROSOFT,
        "SkipSimplifiedLayerNormalization",
        Map.of("epsilon", (float) config.rmsNormEpsilon()),
        hidden,
        change,
        weight + ".weight");
    return normed;
  }

  private String normAfter(int layer) {
    return layer + 1 < config.layers()
        ? "model.layers." + (layer + 1) + ".input_layernorm"
        : "model.norm";
  }

  public static Element element(DataType type) {
    return switch (type) {
      case F32 -> Element.FLOAT;
      case F16 -> Element.FLOAT16;
      case BF16 -> Element.BFLOAT16;
      default -> throw new IllegalArgumentException(type + " (expected: F32, F16 or BF16)");
    };
  }

  private void rotaryTables() {
    int half = config.headDimension() / 2;
    double[] frequencies = config.rotaryFrequencies();
    float[] cosines = new float[positions * half];
    float[] sines = new float[positions * half];
    for (int pair = 0; pair < half; pair++) {
      double frequency = frequencies[pair];
      for (int position = 0; position < positions; position++) {
        double angle = position * frequency;
        cosines[position * half + pair] = (float) Math.cos(angle);
        sines[position * half + pair] = (float) Math.sin(angle);
      }
    }
    rotaryTable(COSINES, cosines, half);
    rotaryTable(SINES, sines, half);
  }

  private void rotaryTable(String name, float[] values, int half) {
    boolean single = form.cache() == Element.FLOAT;
    String exact = single ? name : name + STORED;
    graph.constant(exact, new long[] {positions, half}, values);
    if (!single) {
      cast(name, exact, form.cache());
    }
  }
}
