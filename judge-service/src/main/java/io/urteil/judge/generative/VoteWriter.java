package io.urteil.judge.generative;

import io.urteil.engine.chat.ChatCompletion;
import io.urteil.engine.chat.ChatSample;
import io.urteil.engine.chat.NextTokens;
import io.urteil.event.JudgementStatus;
import io.urteil.event.Verdict;
import io.urteil.event.Vote;
import io.urteil.judge.rule.Verdicts;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Reads what a panelist said about one showing, vote by vote. Pure. */
final class VoteWriter {

  private final Candidates candidates;
  private final Showing showing;
  private final Panelist panelist;
  private final int ballot;

  VoteWriter(Candidates candidates, Showing showing, Panelist panelist, int ballot) {
    this.candidates = candidates;
    this.showing = showing;
    this.panelist = panelist;
    this.ballot = ballot;
  }

  /** A vote a sample. */
  List<Cast> read(ChatCompletion completion) {
    List<Cast> casts = new ArrayList<>();
    for (ChatSample sample : completion.samples()) {
      int number = casts.size();
      int promptTokens = number == 0 ? completion.promptTokens() : 0;
      boolean there =
          switch (sample.finishReason()) {
            case STOP, LENGTH -> true;
            case CANCELLED, FAILED -> false;
          };
      if (there) {
        ParsedVerdict parsed = panelist.prompt().parse(sample.text(), showing.order().size());
        casts.add(cast(number, parsed, List.of(), sample.text(), promptTokens, sample.tokens()));
      } else {
        String reason = sample.detail().isEmpty() ? sample.finishReason().name() : sample.detail();
        casts.add(failed(number, reason, promptTokens, sample.tokens()));
      }
    }
    return casts;
  }

  /**
   * The vote of these probabilities. It abstains when the choices have less than {@code leastMass}
   * of the probability together: the model would rather say something else.
   */
  List<Cast> read(NextTokens tokens, double leastMass) {
    VerdictFormat format = panelist.prompt().format();
    List<Double> p = format.choices().stream().map(tokens::probability).toList();
    double mass = p.get(0) + p.get(1);
    if (mass < leastMass) {
      String reason =
          "%s have %.4f of the probability (expected: at least %s)"
              .formatted(String.join(" and ", format.choices()), mass, leastMass);
      ParsedVerdict abstained = new ParsedVerdict.Abstained();
      return List.of(cast(0, abstained, List.of(), reason, tokens.promptTokens(), 0));
    }
    ParsedVerdict parsed = format.ofProbabilities(p.get(0), p.get(1));
    return List.of(cast(0, parsed, p, null, tokens.promptTokens(), 0));
  }

  /** The votes that were refused, one a sample. */
  List<Cast> refused(String reason, int samples) {
    return IntStream.range(0, samples).mapToObj(sample -> failed(sample, reason, 0, 0)).toList();
  }

  private Cast failed(int sample, String reason, int promptTokens, int completionTokens) {
    Vote vote = vote(sample, JudgementStatus.FAILED, null, reason, promptTokens, completionTokens);
    return new Cast(showing, ballot, vote, Optional.empty());
  }

  private Cast cast(
      int sample,
      ParsedVerdict parsed,
      List<Double> probabilities,
      @Nullable String text,
      int promptTokens,
      int completionTokens) {
    @Nullable Verdict verdict =
        parsed instanceof ParsedVerdict.Read read ? Verdicts.of(read, probabilities) : null;
    JudgementStatus status =
        switch (parsed) {
          case ParsedVerdict.Read read -> JudgementStatus.SCORED;
          case ParsedVerdict.Unparseable unparseable -> JudgementStatus.UNPARSEABLE;
          case ParsedVerdict.Abstained abstained -> JudgementStatus.ABSTAINED;
        };
    Vote vote = vote(sample, status, verdict, text, promptTokens, completionTokens);
    return new Cast(showing, ballot, vote, Optional.of(parsed));
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
