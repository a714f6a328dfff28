package io.urteil.judges.generative;

import io.urteil.chat.ChatCompletion;
import io.urteil.chat.ChatSample;
import io.urteil.chat.ChoiceProbabilities;
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

/** Reads what a panelist said about one showing, vote by vote. Pure. */
final class VoteParser {

  private static final ParsedVerdict ABSTAINED = new ParsedVerdict.Abstained();

  private final CandidateAnswers candidates;
  private final CandidatePresentation showing;
  private final PanelMember panelist;
  private final int ballot;

  VoteParser(
      CandidateAnswers candidates,
      CandidatePresentation showing,
      PanelMember panelist,
      int ballot) {
    this.candidates = candidates;
    this.showing = showing;
    this.panelist = panelist;
    this.ballot = ballot;
  }

  /** Reads one sample that ended as it should; the prompt's tokens count for the first one. */
  @FunctionalInterface
  private interface Reader {
    PanelVote read(int number, ChatSample sample, int promptTokens);
  }

  /** A vote a sample. */
  List<PanelVote> read(ChatCompletion completion) {
    return read(completion, this::ofText);
  }

  /**
   * A vote a sample: the verdict of the choices' probabilities at the place where the text makes
   * its choice, as of {@link #read(ChoiceProbabilities, double)}. A text without a verdict has none
   * by probabilities either; one whose verdict has no probabilities is a failed vote.
   */
  List<PanelVote> read(ChatCompletion completion, WrittenChoice choice, double leastMass) {
    return read(
        completion,
        (number, sample, promptTokens) -> {
          if (!(parsed(sample) instanceof ParsedVerdict.Read)) {
            return ofText(number, sample, promptTokens);
          }
          if (sample.choices().isEmpty()) {
            String reason =
                "no probabilities of %s behind '%s' (expected: a token that begins there)"
                    .formatted(String.join(" and ", choice.choices()), choice.cue());
            return failed(number, reason, promptTokens, sample.tokens());
          }
          List<Double> p =
              choice.choices().stream().map(c -> sample.choices().getOrDefault(c, 0.0)).toList();
          return missing(choice.choices(), p, leastMass).isPresent()
              ? cast(number, ABSTAINED, List.of(), sample.text(), promptTokens, sample.tokens())
              : ofProbabilities(number, p, sample.text(), promptTokens, sample.tokens());
        });
  }

  /**
   * The vote of these probabilities. It abstains when the choices have less than {@code leastMass}
   * of the probability together: the model would rather say something else.
   */
  List<PanelVote> read(ChoiceProbabilities tokens, double leastMass) {
    List<String> choices = panelist.prompt().format().choices();
    List<Double> p = choices.stream().map(tokens::probability).toList();
    Optional<String> missing = missing(choices, p, leastMass);
    return List.of(
        missing.isPresent()
            ? cast(0, ABSTAINED, List.of(), missing.get(), tokens.promptTokens(), 0)
            : ofProbabilities(0, p, null, tokens.promptTokens(), 0));
  }

  private List<PanelVote> read(ChatCompletion completion, Reader reader) {
    List<PanelVote> casts = new ArrayList<>();
    for (ChatSample sample : completion.samples()) {
      int number = casts.size();
      int promptTokens = number == 0 ? completion.promptTokens() : 0;
      boolean there =
          switch (sample.finishReason()) {
            case STOP, LENGTH -> true;
            case CANCELLED, FAILED -> false;
          };
      if (there) {
        casts.add(reader.read(number, sample, promptTokens));
      } else {
        String reason = sample.detail().isEmpty() ? sample.finishReason().name() : sample.detail();
        casts.add(failed(number, reason, promptTokens, sample.tokens()));
      }
    }
    return casts;
  }

  private ParsedVerdict parsed(ChatSample sample) {
    return panelist.prompt().parse(sample.text(), showing.order().size());
  }

  private PanelVote ofText(int number, ChatSample sample, int promptTokens) {
    return cast(number, parsed(sample), List.of(), sample.text(), promptTokens, sample.tokens());
  }

  private PanelVote ofProbabilities(
      int number, List<Double> p, @Nullable String text, int promptTokens, int completionTokens) {
    ParsedVerdict verdict = panelist.prompt().format().ofProbabilities(p.get(0), p.get(1));
    return cast(number, verdict, p, text, promptTokens, completionTokens);
  }

  /** What is said of choices that are too unlikely together; empty when they are likely enough. */
  private static Optional<String> missing(List<String> choices, List<Double> p, double leastMass) {
    double mass = p.get(0) + p.get(1);
    return mass >= leastMass
        ? Optional.empty()
        : Optional.of(
            "%s have %.4f of the probability (expected: at least %s)"
                .formatted(String.join(" and ", choices), mass, leastMass));
  }

  /** The votes that were refused, one a sample. */
  List<PanelVote> refused(String reason, int samples) {
    return IntStream.range(0, samples).mapToObj(sample -> failed(sample, reason, 0, 0)).toList();
  }

  private PanelVote failed(int sample, String reason, int promptTokens, int completionTokens) {
    Vote vote = vote(sample, JudgementStatus.FAILED, null, reason, promptTokens, completionTokens);
    return new PanelVote(showing, ballot, vote, Optional.empty());
  }

  private PanelVote cast(
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
    return new PanelVote(showing, ballot, vote, Optional.of(parsed));
  }

  private Vote vote(
      int sample,
      JudgementStatus status,
      @Nullable Verdict verdict,
      @Nullable String text,
      int promptTokens,
      int completionTokens) {
    return Vote.newBuilder()
        .setOrder(showing.spelling(candidates))
        .setSample(sample)
        .setStatus(status)
        .setVerdict(verdict)
        .setText(text)
        .setJudge(panelist.name())
        .setRound(showing.round())
        .setPromptTokens(promptTokens)
        .setCompletionTokens(completionTokens)
        .build();
  }
}
