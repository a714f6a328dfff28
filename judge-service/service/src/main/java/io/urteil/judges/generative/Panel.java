package io.urteil.judges.generative;

import io.urteil.chat.ChatRequest;
import io.urteil.chat.ChatSampling;
import io.urteil.chat.RefusedRequestException;
import io.urteil.model.file.FileHash;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.prompt.WrittenChoice;
import io.urteil.run.judge.JudgePanel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Asks every panelist about every showing, under every principle. Everything goes to the models
 * before the first answer is waited for, so that one batch of the engine answers a whole round, and
 * the samples of a prompt share its reading. Safe for any thread.
 */
final class Panel {

  private final List<PanelMember> panelists;
  private final JudgePanel settings;

  /**
   * @throws IllegalArgumentException when a prompt is of another mode, or its verdict has no
   *     probabilities to be read from
   */
  Panel(List<PanelMember> panelists, JudgePanel settings, JudgeMode mode) {
    this.panelists = List.copyOf(panelists);
    this.settings = settings;
    for (PanelMember panelist : panelists) {
      check(panelist.prompt(), settings, mode);
    }
  }

  private static void check(JudgePrompt prompt, JudgePanel settings, JudgeMode mode) {
    if (prompt.mode() != mode) {
      throw new IllegalArgumentException(
          "judge prompt '%s' is %s (expected: a %s one)"
              .formatted(prompt.name(), prompt.mode().spelling(), mode.spelling()));
    }
    if (settings.read() == JudgePanel.Read.PROBABILITIES && prompt.format().choices().isEmpty()) {
      throw new IllegalArgumentException(
          "judge prompt '%s' has the format %s (expected: one whose verdict is one token, for read: probabilities)"
              .formatted(prompt.name(), prompt.format().formatName()));
    }
    if (settings.read() == JudgePanel.Read.PROBABILITIES_IN_TEXT
        && prompt.format().writtenChoice().isEmpty()) {
      throw new IllegalArgumentException(
          "judge prompt '%s' has the format %s (expected: one that ends with one of two choices, for read: probabilities-in-text)"
              .formatted(prompt.name(), prompt.format().formatName()));
    }
    if (settings.reference() && !prompt.usesReference()) {
      throw new IllegalArgumentException(
          "judge prompt '%s' has no place for a reference (expected: one, for reference: true)"
              .formatted(prompt.name()));
    }
    if (!settings.principles().isEmpty() && !prompt.usesPrinciple()) {
      throw new IllegalArgumentException(
          "judge prompt '%s' has no place for a principle (expected: one, for principles)"
              .formatted(prompt.name()));
    }
  }

  /** Models, prompts and sampling, for the judge's version. */
  String spelling() {
    String members =
        panelists.stream().map(PanelMember::spelling).collect(Collectors.joining("; "));
    String how =
        switch (settings.read()) {
          case TEXT -> votes();
          case PROBABILITIES -> "probabilities" + leastMass();
          case PROBABILITIES_IN_TEXT -> "probabilities-in-text" + leastMass() + " " + votes();
        };
    return "%s%s%s; %s"
        .formatted(
            how,
            settings.reference() ? " with-reference" : "",
            settings.principles().isEmpty() ? "" : " principles=" + settings.principles().size(),
            members);
  }

  private String votes() {
    return "votes=%d temperature=%s top-p=%s top-k=%d seed=%d"
        .formatted(
            settings.votes(),
            settings.temperature(),
            settings.topP(),
            settings.topK(),
            settings.seed());
  }

  private String leastMass() {
    return settings.leastMass() == 0 ? "" : " least-mass=" + settings.leastMass();
  }

  /** Hash of the prompt and the principles; of all of them together when there are several. */
  String promptHash() {
    List<String> parts = new ArrayList<>();
    panelists.forEach(panelist -> parts.add(panelist.prompt().hash()));
    parts.addAll(settings.principles());
    return parts.size() == 1
        ? parts.getFirst()
        : FileHash.sha256(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
  }

  long seed() {
    return settings.seed();
  }

  /** Whether votes fall into ballots, each of which is counted first. */
  boolean hasPrinciples() {
    return settings.principles().size() > 1;
  }

  /**
   * One question that is under way.
   *
   * @param answer what is waited for
   * @param votes waits for it and reads it
   */
  private record Asked(CompletableFuture<?> answer, Callable<List<PanelVote>> votes) {}

  /**
   * All votes on these showings, in their order.
   *
   * @throws Exception when an engine can say nothing about them
   */
  List<PanelVote> ask(CandidateAnswers candidates, List<CandidatePresentation> showings)
      throws Exception {
    List<Asked> asked = new ArrayList<>();
    try {
      for (CandidatePresentation showing : showings) {
        int ballot = 0;
        for (PanelMember panelist : panelists) {
          for (Optional<String> principle : principles()) {
            asked.add(ask(candidates, showing, panelist, principle, ballot++));
          }
        }
      }
      List<PanelVote> casts = new ArrayList<>();
      for (Asked one : asked) {
        casts.addAll(one.votes().call());
      }
      return casts;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      asked.forEach(one -> one.answer().cancel(true));
    }
  }

  private List<Optional<String>> principles() {
    return settings.principles().isEmpty()
        ? List.of(Optional.empty())
        : settings.principles().stream().map(Optional::of).toList();
  }

  private Asked ask(
      CandidateAnswers candidates,
      CandidatePresentation showing,
      PanelMember panelist,
      Optional<String> principle,
      int ballot) {
    JudgePrompt prompt = panelist.prompt();
    RenderedPrompt rendered =
        prompt.render(candidates.shown(showing, settings.reference(), principle.orElse(null)));
    String id =
        "%s/%s/%s/%s/%d"
            .formatted(
                candidates.groupId(),
                candidates.arm(),
                showing.spelling(candidates),
                panelist.name(),
                ballot);
    VoteParser writer = new VoteParser(candidates, showing, panelist, ballot);
    ChatRequest request =
        new ChatRequest(id, rendered, settings.votes(), sampling(id, prompt), null);
    return switch (settings.read()) {
      case TEXT -> asked(panelist.model().complete(request), writer::read, writer);
      case PROBABILITIES ->
          asked(
              panelist.model().nextTokens(request, prompt.format().choices()),
              tokens -> writer.read(tokens, settings.leastMass()),
              writer);
      case PROBABILITIES_IN_TEXT -> {
        WrittenChoice choice = prompt.format().writtenChoice().orElseThrow();
        yield asked(
            panelist.model().complete(request.withWrittenChoice(choice)),
            completion -> writer.read(completion, choice, settings.leastMass()),
            writer);
      }
    };
  }

  /** A question that the model refuses for what it is has failed votes; others may be answered. */
  private <T> Asked asked(
      CompletableFuture<T> answer, Function<T, List<PanelVote>> reading, VoteParser writer) {
    return new Asked(
        answer,
        () -> {
          try {
            return reading.apply(answer.get());
          } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedRequestException refused) {
              return writer.refused(String.valueOf(refused.getMessage()), settings.votes());
            }
            throw e;
          }
        });
  }

  private ChatSampling sampling(String id, JudgePrompt prompt) {
    Integer maxTokens = settings.maxTokens();
    return new ChatSampling(
        settings.temperature(),
        settings.topP(),
        settings.topK(),
        maxTokens == null ? prompt.maxTokens() : maxTokens,
        List.of(),
        Seeds.of(settings.seed(), id));
  }
}
