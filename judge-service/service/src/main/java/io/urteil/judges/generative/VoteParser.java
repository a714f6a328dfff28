package io.urteil.judges.generative;

import io.urteil.chat.ChatCompletion;
import io.urteil.chat.ChatSample;
import io.urteil.chat.ChoiceProbabilities;
import io.urteil.engine.StopReason;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judges.rule.VerdictEvents;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.WrittenChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Parses the response of a panel member about one presentation into votes. Pure. */
final class VoteParser {

  private static final ParsedVerdict ABSTAINED = new ParsedVerdict.Abstained();

  private final CandidateAnswers candidates;
  private final CandidatePresentation presentation;
  private final PanelMember member;
  private final int voterIndex;

  VoteParser(
      CandidateAnswers candidates,
      CandidatePresentation presentation,
      PanelMember member,
      int voterIndex) {
    this.candidates = candidates;
    this.presentation = presentation;
    this.member = member;
    this.voterIndex = voterIndex;
  }

  /** Parses one finished sample; the prompt tokens are attributed to the first. */
  @FunctionalInterface
  private interface Reader {
    PanelVote read(int number, ChatSample sample, int promptTokens);
  }

  /** One vote per sample, from its text. */
  List<PanelVote> read(ChatCompletion completion) {
    return read(completion, this::fromText);
  }

  /**
   * One vote per sample, from the probabilities of the choices at the position where the text
   * states its choice; see {@link #read(ChoiceProbabilities, double)}. A text without a verdict is
   * parsed as text. A verdict without probabilities is a failed vote.
   */
  List<PanelVote> read(ChatCompletion completion, WrittenChoice choice, double minimumMass) {
    return read(
        completion,
        (number, sample, promptTokens) -> {
          if (!(parsed(sample) instanceof ParsedVerdict.Read)) {
            return fromText(number, sample, promptTokens);
          }
          if (sample.choices().isEmpty()) {
            String reason =
                "no probabilities of %s after '%s' (expected: a token boundary there)"
                    .formatted(String.join(" and ", choice.choices()), choice.cue());
            return failed(number, reason, promptTokens, sample.tokens());
          }
          List<Double> p =
              choice.choices().stream().map(c -> sample.choices().getOrDefault(c, 0.0)).toList();
          return missingMass(choice.choices(), p, minimumMass).isPresent()
              ? panelVote(
                  number, ABSTAINED, List.of(), sample.text(), promptTokens, sample.tokens())
              : fromProbabilities(number, p, sample.text(), promptTokens, sample.tokens());
        });
  }

  /**
   * One vote from the probabilities of the next token. It abstains if the total probability of the
   * choices is below the minimum, because the model would write something else.
   */
  List<PanelVote> read(ChoiceProbabilities tokens, double minimumMass) {
    List<String> choices = member.prompt().format().choices();
    List<Double> p = choices.stream().map(tokens::probability).toList();
    Optional<String> missing = missingMass(choices, p, minimumMass);
    return List.of(
        missing.isPresent()
            ? panelVote(0, ABSTAINED, List.of(), missing.get(), tokens.promptTokens(), 0)
            : fromProbabilities(0, p, null, tokens.promptTokens(), 0));
  }

  private List<PanelVote> read(ChatCompletion completion, Reader reader) {
    List<PanelVote> panelVotes = new ArrayList<>();
    for (ChatSample sample : completion.samples()) {
      int number = panelVotes.size();
      int promptTokens = number == 0 ? completion.promptTokens() : 0;
      boolean finished =
          switch (sample.finishReason()) {
            case STOP, LENGTH -> true;
            case CANCELLED, FAILED -> false;
          };
      if (finished) {
        panelVotes.add(reader.read(number, sample, promptTokens));
      } else {
        String reason = sample.detail().isEmpty() ? sample.finishReason().name() : sample.detail();
        panelVotes.add(failed(number, reason, promptTokens, sample.tokens()));
      }
    }
    return panelVotes;
  }

  private ParsedVerdict parsed(ChatSample sample) {
    return member.prompt().parse(sample.text(), presentation.order().size());
  }

  /** A judge's answer that was cut off before its verdict is its own failure, not the policy's. */
  private PanelVote fromText(int number, ChatSample sample, int promptTokens) {
    ParsedVerdict verdict = parsed(sample);
    if (sample.finishReason() == StopReason.LENGTH
        && verdict instanceof ParsedVerdict.Unparseable) {
      String reason =
          "the answer was cut off after %d tokens, before a verdict (expected: finish reason 'stop'; see maxTokens)%s"
              .formatted(sample.tokens(), sample.detail().isEmpty() ? "" : ": " + sample.detail());
      return failed(number, reason, promptTokens, sample.tokens());
    }
    return panelVote(number, verdict, List.of(), sample.text(), promptTokens, sample.tokens());
  }

  private PanelVote fromProbabilities(
      int number, List<Double> p, @Nullable String text, int promptTokens, int completionTokens) {
    ParsedVerdict verdict = member.prompt().format().ofProbabilities(p.get(0), p.get(1));
    return panelVote(number, verdict, p, text, promptTokens, completionTokens);
  }

  /** The reason to abstain if the total probability is below the minimum; else empty. */
  private static Optional<String> missingMass(
      List<String> choices, List<Double> p, double minimumMass) {
    double mass = p.get(0) + p.get(1);
    return mass >= minimumMass
        ? Optional.empty()
        : Optional.of(
            "%s have a total probability of %.4f (expected: >= %s)"
                .formatted(String.join(" and ", choices), mass, minimumMass));
  }

  /** The failed votes of a rejected request, one per sample. */
  List<PanelVote> rejected(String reason, int samples) {
    return IntStream.range(0, samples).mapToObj(sample -> failed(sample, reason, 0, 0)).toList();
  }

  private PanelVote failed(int sample, String reason, int promptTokens, int completionTokens) {
    Vote vote = vote(sample, JudgementStatus.FAILED, null, reason, promptTokens, completionTokens);
    return new PanelVote(presentation, voterIndex, vote, Optional.empty());
  }

  private PanelVote panelVote(
      int sample,
      ParsedVerdict parsed,
      List<Double> probabilities,
      @Nullable String text,
      int promptTokens,
      int completionTokens) {
    @Nullable Verdict verdict =
        parsed instanceof ParsedVerdict.Read read ? VerdictEvents.of(read, probabilities) : null;
    JudgementStatus status =
        switch (parsed) {
          case ParsedVerdict.Read read -> JudgementStatus.SCORED;
          case ParsedVerdict.Unparseable unparseable -> JudgementStatus.UNPARSEABLE;
          case ParsedVerdict.Abstained abstained -> JudgementStatus.ABSTAINED;
        };
    Vote vote = vote(sample, status, verdict, text, promptTokens, completionTokens);
    return new PanelVote(presentation, voterIndex, vote, Optional.of(parsed));
  }

  private Vote vote(
      int sample,
      JudgementStatus status,
      @Nullable Verdict verdict,
      @Nullable String text,
      int promptTokens,
      int completionTokens) {
    return Vote.newBuilder()
        .setOrder(presentation.memberIndexes(candidates))
        .setSample(sample)
        .setStatus(status)
        .setVerdict(verdict)
        .setText(text)
        .setJudge(member.name())
        .setRound(presentation.round())
        .setPromptTokens(promptTokens)
        .setCompletionTokens(completionTokens)
        .build();
  }
}
