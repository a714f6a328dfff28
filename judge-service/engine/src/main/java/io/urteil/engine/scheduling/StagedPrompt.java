package io.urteil.engine.scheduling;

import ai.onnxruntime.OrtException;
import io.urteil.engine.runtime.InferenceDecoder;

/** A long prompt that is processed into the staging slot in chunks of equal length. */
final class StagedPrompt {

  private final RequestInFlight request;
  private int read;

  /**
   * @param shared tokens that the staging slot already holds
   */
  StagedPrompt(RequestInFlight request, int shared) {
    this.request = request;
    this.read = shared;
  }

  RequestInFlight request() {
    return request;
  }

  boolean isRead() {
    return read == request.prompt().length;
  }

  /** Processes the next chunk; returns its number of tokens. */
  int advance(InferenceDecoder decoder, SlotContents contents, int chunk) throws OrtException {
    int to = Math.min(read + chunk, request.prompt().length);
    int slot = decoder.stagingSlot();
    contents.forget(slot);
    decoder.extend(slot, request.prompt(), read, to);
    int tokens = to - read;
    read = to;
    contents.hold(slot, request.prompt(), read);
    return tokens;
  }
}
