package io.urteil.judges.generative;

import io.urteil.chat.ChatModel;
import io.urteil.chat.ChatRequest;
import io.urteil.chat.ChatSampling;
import io.urteil.chat.RefusedRequestException;
import io.urteil.engine.grammar.VerdictGrammars;
import io.urteil.model.file.FileHash;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.prompt.WrittenChoice;
import io.urteil.run.judge.JudgePanel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Queries every panel member about every presentation under every principle. All requests are sent
 * before the first response is awaited, so the engine batches a round, and the samples of a prompt
 * share its prefill. Thread-safe.
 */
final class Panel {

  private final List<PanelMember> members;
  private final JudgePanel settings;
  private final JudgePanel.Read read;

  /**
   * @throws IllegalArgumentException when a prompt does not match the mode or the settings
   */
  Panel(List<PanelMember> members, JudgePanel settings, JudgeMode mode) {
    this.members = List.copyOf(members);
    this.settings = settings;
    this.read = read(members, settings);
    for (PanelMember member : members) {
      check(member.prompt(), settings, read, mode);
      if (!settings.grammar().isEmpty()) {
        member.model().requireGrammar(grammar(member.prompt()));
      }
    }
  }

  /** The source that the run file names, else that of the prompts. */
  private static JudgePanel.Read read(List<PanelMember> members, JudgePanel settings) {
    JudgePanel.Read named = settings.read();
    if (named != null) {
      return named;
    }
    List<JudgePanel.Read> reads =
        members.stream().map(member -> of(member.prompt().read())).distinct().toList();
    if (reads.size() > 1) {
      throw new IllegalArgumentException(
          "read: missing, and the judge prompts of the panel differ: %s (expected: read: text, probabilities or probabilities-in-text)"
              .formatted(
                  members.stream()
                      .map(
                          member ->
                              member.prompt().name() + " " + spelling(of(member.prompt().read())))
                      .collect(Collectors.joining(", "))));
    }
    JudgePanel.Read read = reads.getFirst();
    if (read == JudgePanel.Read.PROBABILITIES && settings.votes() > 1) {
      throw new IllegalArgumentException(
          "votes: %d (expected: 1 with read: probabilities, the default of judge prompt '%s'; or read: text)"
              .formatted(settings.votes(), members.getFirst().prompt().name()));
    }
    if (read == JudgePanel.Read.TEXT && settings.leastMass() > 0) {
      throw new IllegalArgumentException(
          "leastMass: %s (expected: 0 with read: text, the default of judge prompt '%s')"
              .formatted(settings.leastMass(), members.getFirst().prompt().name()));
    }
    return read;
  }

  private static JudgePanel.Read of(JudgePrompt.Read read) {
    return switch (read) {
      case TEXT -> JudgePanel.Read.TEXT;
      case PROBABILITIES -> JudgePanel.Read.PROBABILITIES;
      case PROBABILITIES_IN_TEXT -> JudgePanel.Read.PROBABILITIES_IN_TEXT;
    };
  }

  private static String spelling(JudgePanel.Read read) {
    return read.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The grammar of this prompt's responses; empty for none. */
  private String grammar(JudgePrompt prompt) {
    if (!settings.grammar().equals(JudgePanel.AUTO)) {
      return settings.grammar();
    }
    String format = prompt.format().formatName();
    if (VerdictGrammars.names().contains(format)) {
      return format;
    }
    throw new IllegalArgumentException(
        "grammar: 'auto' with the format %s of judge prompt '%s' (expected: a format with a grammar: %s)"
            .formatted(format, prompt.name(), String.join(", ", VerdictGrammars.names())));
  }

  private static void check(
      JudgePrompt prompt, JudgePanel settings, JudgePanel.Read read, JudgeMode mode) {
    if (prompt.mode() != mode) {
      throw new IllegalArgumentException(
          "judge prompt '%s' is %s (expected: %s)"
              .formatted(prompt.name(), prompt.mode().spelling(), mode.spelling()));
    }
    if (read == JudgePanel.Read.PROBABILITIES && !settings.grammar().isEmpty()) {
      throw new IllegalArgumentException(
          "grammar: '%s' (expected: none with read: probabilities, which generates no text; or read: text)"
              .formatted(settings.grammar()));
    }
    if (read == JudgePanel.Read.PROBABILITIES && prompt.format().choices().isEmpty()) {
      throw new IllegalArgumentException(
          "judge prompt '%s' has the format %s (expected: one with a single-token verdict, for read: probabilities)"
              .formatted(prompt.name(), prompt.format().formatName()));
    }
    if (read == JudgePanel.Read.PROBABILITIES_IN_TEXT
        && prompt.format().writtenChoice().isEmpty()) {
      throw new IllegalArgumentException(
          "judge prompt '%s' has the format %s (expected: one that ends with a choice of two, for read: probabilities-in-text)"
              .formatted(prompt.name(), prompt.format().formatName()));
    }
    if (settings.reference() && !prompt.usesReference()) {
      throw new IllegalArgumentException(
          "judge prompt '%s' has no reference placeholder (expected: one, for reference: true)"
              .formatted(prompt.name()));
    }
    if (!settings.principles().isEmpty() && !prompt.usesPrinciple()) {
      throw new IllegalArgumentException(
          "judge prompt '%s' has no principle placeholder (expected: one, for principles)"
              .formatted(prompt.name()));
    }
  }

  /** Models, prompts and sampling, as in the judge's version. */
  String label() {
    String labels = members.stream().map(PanelMember::label).collect(Collectors.joining("; "));
    String how =
        switch (read) {
          case TEXT -> votes();
          case PROBABILITIES -> "probabilities" + minimumMass();
          case PROBABILITIES_IN_TEXT -> "probabilities-in-text" + minimumMass() + " " + votes();
        };
    return "%s%s%s%s; %s"
        .formatted(
            how,
            grammars(),
            settings.reference() ? " with-reference" : "",
            settings.principles().isEmpty() ? "" : " principles=" + settings.principles().size(),
            labels);
  }

  /** The grammar with the token limit within which it ends every response. */
  private String grammars() {
    if (settings.grammar().isEmpty()) {
      return "";
    }
    String all =
        members.stream()
            .map(member -> grammar(member.prompt()) + " max-tokens=" + maxTokens(member.prompt()))
            .distinct()
            .collect(Collectors.joining(","));
    return " grammar=" + all;
  }

  private int maxTokens(JudgePrompt prompt) {
    Integer named = settings.maxTokens();
    return named == null ? prompt.maxTokens() : named;
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

  private String minimumMass() {
    return settings.leastMass() == 0 ? "" : " least-mass=" + settings.leastMass();
  }

  /** The hash of the prompt; with several prompts or principles, a hash over all of them. */
  String promptHash() {
    List<String> parts = new ArrayList<>();
    members.forEach(member -> parts.add(member.prompt().hash()));
    parts.addAll(settings.principles());
    return parts.size() == 1
        ? parts.getFirst()
        : FileHash.sha256(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
  }

  long seed() {
    return settings.seed();
  }

  /** Whether the votes of each voter are averaged before they are counted. */
  boolean hasPrinciples() {
    return settings.principles().size() > 1;
  }

  /**
   * One request in progress.
   *
   * @param response of the model
   * @param votes awaits the response and parses it
   */
  private record PendingVotes(CompletableFuture<?> response, Callable<List<PanelVote>> votes) {}

  /**
   * All votes on these presentations, in their order.
   *
   * @throws Exception the failure of a model; a rejected request yields failed votes instead
   */
  List<PanelVote> ask(CandidateAnswers candidates, List<CandidatePresentation> presentations)
      throws Exception {
    List<PendingVotes> pending = new ArrayList<>();
    try {
      for (CandidatePresentation presentation : presentations) {
        int voterIndex = 0;
        for (PanelMember member : members) {
          for (Optional<String> principle : principles()) {
            pending.add(ask(candidates, presentation, member, principle, voterIndex++));
          }
        }
      }
      List<PanelVote> panelVotes = new ArrayList<>();
      for (PendingVotes one : pending) {
        panelVotes.addAll(one.votes().call());
      }
      return panelVotes;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      pending.forEach(one -> one.response().cancel(true));
    }
  }

  /** The samples that {@link #ask} requests of each model for this number of presentations. */
  Map<ChatModel, Integer> samplesAtOnce(int presentations) {
    int samples = Math.max(1, presentations * principles().size() * settings.votes());
    Map<ChatModel, Integer> all = new HashMap<>();
    members.forEach(member -> all.merge(member.model(), samples, Integer::sum));
    return all;
  }

  private List<Optional<String>> principles() {
    return settings.principles().isEmpty()
        ? List.of(Optional.empty())
        : settings.principles().stream().map(Optional::of).toList();
  }

  private PendingVotes ask(
      CandidateAnswers candidates,
      CandidatePresentation presentation,
      PanelMember member,
      Optional<String> principle,
      int voterIndex) {
    JudgePrompt prompt = member.prompt();
    RenderedPrompt rendered =
        prompt.render(candidates.shown(presentation, settings.reference(), principle.orElse(null)));
    String id =
        "%s/%s/%s/%s/%d"
            .formatted(
                candidates.groupId(),
                candidates.arm(),
                presentation.memberIndexes(candidates),
                member.name(),
                voterIndex);
    VoteParser parser = new VoteParser(candidates, presentation, member, voterIndex);
    ChatRequest request =
        new ChatRequest(id, rendered, settings.votes(), sampling(id, prompt), null)
            .withGrammar(grammar(prompt));
    return switch (read) {
      case TEXT -> pending(member.model().complete(request), parser::read, parser);
      case PROBABILITIES ->
          pending(
              member.model().nextTokens(request, prompt.format().choices()),
              tokens -> parser.read(tokens, settings.leastMass()),
              parser);
      case PROBABILITIES_IN_TEXT -> {
        WrittenChoice choice = prompt.format().writtenChoice().orElseThrow();
        yield pending(
            member.model().complete(request.withWrittenChoice(choice)),
            completion -> parser.read(completion, choice, settings.leastMass()),
            parser);
      }
    };
  }

  /** A request that the model rejects yields failed votes; other requests are not affected. */
  private <T> PendingVotes pending(
      CompletableFuture<T> response, Function<T, List<PanelVote>> parsing, VoteParser parser) {
    return new PendingVotes(
        response,
        () -> {
          try {
            return parsing.apply(response.get());
          } catch (ExecutionException e) {
            if (e.getCause() instanceof RefusedRequestException rejected) {
              return parser.rejected(String.valueOf(rejected.getMessage()), settings.votes());
            }
            throw e;
          }
        });
  }

  private ChatSampling sampling(String id, JudgePrompt prompt) {
    return new ChatSampling(
        settings.temperature(),
        settings.topP(),
        settings.topK(),
        maxTokens(prompt),
        List.of(),
        Seeds.of(settings.seed(), id));
  }
}
