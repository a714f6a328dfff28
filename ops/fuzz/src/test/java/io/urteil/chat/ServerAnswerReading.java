package io.urteil.chat;

import io.urteil.engine.EngineException;
import io.urteil.model.chat.ChatMessage;
import io.urteil.prompt.RenderedPrompt;
import java.net.URI;
import java.util.List;

/** Reads the answer of a server as {@link RemoteChatModel} does. */
public final class ServerAnswerReading {

  private static final RemoteServer SERVER =
      RemoteServer.at(URI.create("http://127.0.0.1/v1"), "model");
  private static final RenderedPrompt CHAT =
      new RenderedPrompt(List.of(ChatMessage.of("user", "?")), "");
  private static final RenderedPrompt RAW =
      new RenderedPrompt(List.of(ChatMessage.of(RenderedPrompt.RAW, "?")), "");

  private ServerAnswerReading() {}

  /** Returns if the answer is read or rejected; any other exception is a fault. */
  public static void read(String json) {
    for (RenderedPrompt prompt : List.of(CHAT, RAW)) {
      try {
        OpenAiProtocol.Answer answer = OpenAiProtocol.answer(SERVER, prompt, json);
        for (OpenAiProtocol.Token token : answer.tokens()) {
          token
              .probabilities(List.of("yes", "no"))
              .values()
              .forEach(
                  p -> {
                    if (!(p >= 0 && p <= 1)) {
                      throw new IllegalStateException("probability " + p);
                    }
                  });
        }
      } catch (EngineException e) {
        // Rejected.
      }
    }
  }
}
