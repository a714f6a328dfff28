package io.urteil.engine;

import ai.onnxruntime.OrtException;

/** A long prompt that is read into the staging slot in pieces of one length, by its text alone. */
final class StagedPrompt {

  private final RequestInFlight request;
  private int read;

  StagedPrompt(RequestInFlight request) {
    this.request = request;
  }

  RequestInFlight request() {
    return request;
  }

  boolean isRead() {
    return read == request.prompt().length;
  }

  /** Reads the next piece; returns how many tokens it had. */
  int advance(Decoder decoder, int chunk) throws OrtException {
    int to = Math.min(read + chunk, request.prompt().length);
    decoder.extend(decoder.stagingSlot(), request.prompt(), read, to);
    int tokens = to - read;
    read = to;
    return tokens;
  }
}
