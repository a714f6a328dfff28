package io.urteil.engine.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.urteil.engine.Completion;
import io.urteil.engine.CompletionRequest;
import io.urteil.engine.CompletionSample;
import io.urteil.engine.EngineSettings;
import io.urteil.engine.Sampling;
import io.urteil.engine.StopReason;
import io.urteil.engine.grammar.AllowedTokens;
import io.urteil.engine.grammar.Grammar;
import io.urteil.engine.grammar.LetterVocabulary;
import io.urteil.engine.grammar.StopSequences;
import io.urteil.engine.grammar.VerdictGrammars;
import io.urteil.model.DecoderConfig;
import io.urteil.prompt.ParsedVerdict;
import io.urteil.prompt.VerdictFormat;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GrammarSamplingTest {

  private static final DecoderConfig SHAPE =
      TinyModel.config("qwen2", 32, 48, 2, 4, 2, 16, LetterVocabulary.size(), true);
  private static final int CAPACITY = 256;
  private static final int[] PROMPT = LetterVocabulary.spell("A or B?<think>");

  private final VerdictGrammars grammars = new VerdictGrammars(LetterVocabulary.VOCABULARY);

  @SuppressWarnings("NullAway.Init")
  @TempDir
  Path directory;

  @SuppressWarnings("NullAway.Init")
  private TinyEngine tiny;

  @BeforeEach
  void startEngine() throws Exception {
    tiny = new TinyEngine(directory, SHAPE, EngineSettings.of(8, CAPACITY));
  }

  @AfterEach
  void closeEngine() {
    tiny.close();
  }

  @Test
  void shouldEndEveryCompletionThatEndsWithAVerdict() throws Exception {
    // Given
    CompletionRequest request =
        request(64, Sampling.at(1.2, 200, List.of(LetterVocabulary.END), 7))
            .withGrammar(grammars.named("think-answer-scores"));

    // When
    Completion completion = tiny.answer(request);

    // Then
    List<CompletionSample> ended = ended(completion);
    assertThat(ended).isNotEmpty();
    for (CompletionSample sample : ended) {
      String text = "<think>" + LetterVocabulary.VOCABULARY.decode(sample.tokenIds());
      assertThat(text).endsWith("</answer>");
      assertThat(sample.tokenIds()).endsWith(LetterVocabulary.END);
      if (text.indexOf('<', 7) == text.indexOf("</think>")) {
        assertThat(VerdictFormat.THINK_ANSWER_SCORES.parse(text))
            .as(text)
            .isInstanceOf(ParsedVerdict.Read.class);
      }
    }
  }

  @Test
  void shouldGiveLogProbabilitiesAmongWhatTheGrammarLetsThrough() throws Exception {
    // Given
    Grammar grammar = grammars.named("j1-verdict");
    Sampling sampling =
        Sampling.at(0.9, 120, List.of(LetterVocabulary.END), 3)
            .withRepetitionPenalty(1.3)
            .withMinP(0.01);
    CompletionRequest request = request(12, sampling).withGrammar(grammar);

    // When
    Completion completion = tiny.answer(request);

    // Then
    int forced = 0;
    for (CompletionSample sample : completion.samples()) {
      Grammar.Cursor cursor = grammar.start(PROMPT);
      int[] tokens = sample.tokenIds();
      for (int i = 0; i < tokens.length; i++) {
        AllowedTokens choice = cursor.choice();
        double expected = logProbability(sampling, Arrays.copyOf(tokens, i), choice, tokens[i]);
        assertThat((double) sample.logProbabilities()[i])
            .as("token %d of sample %d", i, sample.index())
            .isCloseTo(expected, within(1e-4));
        if (tokens[i] != LetterVocabulary.END) {
          assertThat(sample.forced().get(i)).isEqualTo(choice.isForced() || choices(choice) == 1);
          cursor.accept(tokens[i]);
        } else {
          assertThat(sample.forced().get(i)).isTrue();
          assertThat(sample.logProbabilities()[i]).isZero();
        }
      }
      forced += sample.forced().cardinality();
    }
    assertThat(forced).isPositive();
  }

  @Test
  void shouldEndByItselfWhenTheGrammarIsCompleteAndThereIsNoStopToken() throws Exception {
    // Given
    CompletionRequest request =
        request(32, Sampling.at(1, 200, List.of(), 7))
            .withGrammar(grammars.named("think-answer-scores"));

    // When
    Completion completion = tiny.answer(request);

    // Then
    assertThat(ended(completion))
        .isNotEmpty()
        .allSatisfy(
            sample ->
                assertThat(LetterVocabulary.VOCABULARY.decode(sample.tokenIds()))
                    .endsWith("</answer>"));
  }

  @Test
  void shouldFailASampleAloneWhenItsGrammarThrows() throws Exception {
    // Given
    Grammar broken =
        new Grammar() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public Cursor start(int[] promptTokenIds) {
            throw new IllegalStateException("no state");
          }
        };
    CompletionRequest good = request(2, Sampling.at(1, 20, List.of(), 1));

    // When
    List<Completion> completions = tiny.answers(List.of(good, good.withGrammar(broken), good));

    // Then
    assertThat(completions.get(1).samples())
        .allSatisfy(
            sample -> {
              assertThat(sample.finishReason()).isEqualTo(StopReason.FAILED);
              assertThat(sample.detail()).contains("grammar 'broken' failed").contains("no state");
            });
    assertThat(completions.get(0).samples()).isEqualTo(completions.get(2).samples());
  }

  @Test
  void shouldStopAtATextAcrossTheBordersOfTokens() throws Exception {
    // Given
    CompletionRequest free = request(6, Sampling.at(1, 60, List.of(), 9));
    Completion whole = tiny.answer(free);
    List<String> stops = new ArrayList<>();
    for (CompletionSample sample : whole.samples()) {
      String text = LetterVocabulary.VOCABULARY.decode(sample.tokenIds());
      stops.add(text.substring(text.length() / 2, text.length() / 2 + 3));
    }

    // When
    Completion stopped =
        tiny.answer(free.withStopTexts(new StopSequences(stops, LetterVocabulary.VOCABULARY)));

    // Then
    for (CompletionSample sample : stopped.samples()) {
      CompletionSample all = whole.samples().get(sample.index());
      int length = sample.tokenIds().length;
      assertThat(sample.finishReason()).isEqualTo(StopReason.STOP);
      assertThat(sample.stopText()).isIn(stops);
      assertThat(sample.tokenIds()).isEqualTo(Arrays.copyOf(all.tokenIds(), length));
      assertThat(sample.logProbabilities())
          .containsExactly(Arrays.copyOf(all.logProbabilities(), length), within(1e-4f));
      String text = LetterVocabulary.VOCABULARY.decode(sample.tokenIds());
      String before =
          LetterVocabulary.VOCABULARY.decode(Arrays.copyOf(sample.tokenIds(), length - 1));
      assertThat(text).contains(sample.stopText());
      assertThat(stops).noneMatch(before::contains);
    }
  }

  @Test
  void shouldGoOnToItsLengthWhenAStopNeverComes() throws Exception {
    // Given
    CompletionRequest free = request(3, Sampling.at(1, 40, List.of(), 9));

    // When
    Completion completion =
        tiny.answer(
            free.withStopTexts(
                new StopSequences(List.of("x".repeat(60)), LetterVocabulary.VOCABULARY)));

    // Then
    assertThat(completion.samples())
        .allSatisfy(
            sample -> {
              assertThat(sample.finishReason()).isEqualTo(StopReason.LENGTH);
              assertThat(sample.tokenIds()).hasSize(40);
              assertThat(sample.stopText()).isEmpty();
            });
  }

  private CompletionRequest request(int samples, Sampling sampling) {
    return new CompletionRequest("r", PROMPT, samples, sampling);
  }

  private static List<CompletionSample> ended(Completion completion) {
    return completion.samples().stream()
        .filter(sample -> sample.finishReason() == StopReason.STOP)
        .toList();
  }

  private static int choices(AllowedTokens choice) {
    return choice.isListed() ? choice.size() + (choice.mayEnd() ? 1 : 0) : Integer.MAX_VALUE;
  }

  /** The definition of a penalised and cut distribution over what may be drawn. */
  private double logProbability(Sampling sampling, int[] drawn, AllowedTokens choice, int token) {
    int[] sequence = Arrays.copyOf(PROMPT, PROMPT.length + drawn.length);
    System.arraycopy(drawn, 0, sequence, PROMPT.length, drawn.length);
    double[] logits = tiny.reference().logits(sequence);
    for (int id : Arrays.stream(sequence).distinct().toArray()) {
      logits[id] =
          logits[id] > 0
              ? logits[id] / sampling.repetitionPenalty()
              : logits[id] * sampling.repetitionPenalty();
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < logits.length; id++) {
      boolean may = id == LetterVocabulary.END ? choice.mayEnd() : choice.allows(id);
      logits[id] = may ? logits[id] / sampling.temperature() : Double.NEGATIVE_INFINITY;
      largest = Math.max(largest, logits[id]);
    }
    double total = 0;
    for (double logit : logits) {
      double share = Math.exp(logit - largest);
      total += share >= sampling.minP() ? share : 0;
    }
    return logits[token] - largest - Math.log(total);
  }
}
