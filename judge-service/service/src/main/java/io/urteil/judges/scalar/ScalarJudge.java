package io.urteil.judges.scalar;

import io.urteil.engine.EngineSettings;
import io.urteil.engine.RuntimeSettings;
import io.urteil.engine.WeightPrecision;
import io.urteil.engine.onnx.ScalarModel;
import io.urteil.event.Rollout;
import io.urteil.event.Segment;
import io.urteil.event.Verdict;
import io.urteil.file.HubCache;
import io.urteil.judge.api.Evidence;
import io.urteil.judge.api.Finding;
import io.urteil.judge.api.PermanentFailureException;
import io.urteil.judge.api.PointwiseJudge;
import io.urteil.judge.api.PolicyText;
import io.urteil.model.ModelDirectory;
import io.urteil.model.chat.ChatMessage;
import io.urteil.model.chat.ChatOptions;
import io.urteil.model.chat.ChatTemplate;
import io.urteil.model.file.FileHash;
import io.urteil.model.tokenizer.PromptEncoder;
import io.urteil.run.judge.ModelJudge;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Scores the conversation of a rollout with a reward model that has a scalar head. The conversation
 * is rendered with the model's chat template; text that spells a control token is encoded as
 * ordinary text. Thread-safe. Closing the judge closes the model.
 */
public final class ScalarJudge implements PointwiseJudge, AutoCloseable {

  /** The date that templates print; fixed, so that a rollout always renders to the same prompt. */
  private static final LocalDate TODAY = LocalDate.of(2026, 1, 1);

  /** Conversations that a scalar judge scores at the same time. */
  public static final int CONCURRENCY = 8;

  private static final int SLOT_CAPACITY = 4096;

  private final String version;
  private final ScalarModel model;
  private final PromptEncoder encoder;
  private final ChatTemplate template;
  private final Duration timeLimit;

  private ScalarJudge(
      String version,
      ScalarModel model,
      PromptEncoder encoder,
      ChatTemplate template,
      Duration timeLimit) {
    this.version = version;
    this.model = model;
    this.encoder = encoder;
    this.template = template;
    this.timeLimit = timeLimit;
  }

  /**
   * Opens the model.
   *
   * @throws IllegalArgumentException when the model has no chat template or more than one label
   * @throws IOException when the model cannot be read
   */
  public static ScalarJudge open(
      ModelJudge.Scalar settings, WeightPrecision weights, RuntimeSettings runtime)
      throws IOException {
    Path path = settings.model().toAbsolutePath().normalize();
    ModelDirectory directory = ModelDirectory.open(path);
    ChatTemplate template =
        directory
            .chatTemplate()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "model %s has no chat template (expected: a chat model)".formatted(path)));
    int capacity = Math.min(directory.config().maxPositions(), SLOT_CAPACITY);
    ScalarModel model =
        ScalarModel.open(
            path,
            EngineSettings.of(CONCURRENCY, capacity)
                .withWeights(weights)
                .on(runtime)
                .withThreadsFor(directory.config()));
    if (model.labels() != 1) {
      int labels = model.labels();
      model.close();
      throw new IllegalArgumentException(
          "model %s has %d labels (expected: 1, a scalar score)".formatted(path, labels));
    }
    String hash = FileHash.sha256(directory.sha256().toString().getBytes(StandardCharsets.UTF_8));
    return new ScalarJudge(
        "scalar/1 %s@%s%s"
            .formatted(HubCache.displayName(path), hash.substring(0, 12), weights.suffix()),
        model,
        directory.openPromptEncoder(),
        template,
        settings.timeLimit());
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public Optional<Duration> timeLimit() {
    return Optional.of(timeLimit);
  }

  @Override
  public Finding judge(Rollout rollout) throws PermanentFailureException {
    List<ChatMessage> messages = new ArrayList<>();
    String prefix = "";
    for (Segment segment : rollout.getSegments()) {
      String text = segment.getText();
      if (text == null) {
        continue;
      }
      if (segment.getRole().equals(PolicyText.PREFIX_ROLE)) {
        prefix = text;
        continue;
      }
      String role = segment.getRole().equals("text") ? "user" : segment.getRole();
      messages.add(ChatMessage.of(role, prefix + text));
      prefix = "";
    }
    int[] tokens =
        encoder.encode(template.render(messages, ChatOptions.finished(TODAY))).tokenIds();
    if (tokens.length < 1 || tokens.length > model.capacity()) {
      throw new PermanentFailureException(
          "conversation of %d tokens (expected: 1 to %d)"
              .formatted(tokens.length, model.capacity()));
    }
    Verdict verdict =
        Verdict.newBuilder().setScores(List.of((double) model.score(tokens)[0])).build();
    return new Finding.Scored(verdict, null, new Evidence(List.of(), 0, tokens.length, 0));
  }

  @Override
  public void close() {
    model.close();
    encoder.close();
  }
}
