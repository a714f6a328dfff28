package io.urteil.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import io.urteil.engine.graph.DecoderGraph;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The tensors of one shape of run by name: the inputs, and the pinned outputs. */
final class StepTensors implements AutoCloseable {

  private final Map<String, OnnxTensor> inputs = new LinkedHashMap<>();
  private final Map<String, OnnxValue> outputs = new LinkedHashMap<>();
  private final List<OnnxTensor> owned = new ArrayList<>();

  StepTensors input(String name, OnnxTensor tensor) {
    inputs.put(name, tensor);
    owned.add(tensor);
    return this;
  }

  StepTensors logits(OnnxTensor tensor) {
    outputs.put(DecoderGraph.LOGITS, tensor);
    owned.add(tensor);
    return this;
  }

  /** Binds each block as past and present at once, so that the runtime extends it in place. */
  StepTensors cache(List<OnnxTensor> blocks) {
    for (int i = 0; i < blocks.size(); i++) {
      int layer = i / DecoderGraph.CACHE_PARTS.size();
      String part = DecoderGraph.CACHE_PARTS.get(i % DecoderGraph.CACHE_PARTS.size());
      inputs.put(DecoderGraph.past(layer, part), blocks.get(i));
      outputs.put(DecoderGraph.present(layer, part), blocks.get(i));
    }
    owned.addAll(blocks);
    return this;
  }

  Map<String, OnnxTensor> inputs() {
    return inputs;
  }

  Map<String, OnnxValue> outputs() {
    return outputs;
  }

  @Override
  public void close() {
    owned.forEach(OnnxTensor::close);
  }
}
