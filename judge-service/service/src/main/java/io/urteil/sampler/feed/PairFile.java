package io.urteil.sampler.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.event.EventCodec;
import io.urteil.event.Message;
import io.urteil.event.PromptArm;
import io.urteil.prompt.JudgeMode;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgeQuestion;
import io.urteil.prompt.RenderedPrompt;
import io.urteil.run.RunFile.Data.PairReference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Prompts of a judge under training from JSON lines of pairs, each {@code {"id", "question",
 * "answers": [A, B], "preferred" | "scores" | "strength", "reference"}}.
 *
 * <p>A pairwise judge prompt makes the arms AB and BA, a pointwise one chosen and rejected; a group
 * may have both, each with its prompt. Turns go to the policy through its chat template, and it
 * begins its answer by itself, {@code <think>} included; behind raw text stands what the prompt
 * primes the answer with.
 */
final class PairFile {

  private static final ObjectMapper JSON = new ObjectMapper();

  static {
    EventCodec.trustEvents();
  }

  private final SequencedMap<String, JudgePrompt> prompts;
  private final PairReference wanted;

  /**
   * @param prompts of each arm, in the order of the arms
   */
  PairFile(SequencedMap<String, JudgePrompt> prompts, PairReference wanted) {
    prompts.forEach(PairFile::check);
    this.prompts = new LinkedHashMap<>(prompts);
    this.wanted = wanted;
  }

  private static void check(String arm, JudgePrompt prompt) {
    List<String> possible =
        switch (prompt.mode()) {
          case PAIRWISE -> List.of("AB", "BA");
          case POINTWISE -> List.of("chosen", "rejected");
          case LISTWISE ->
              throw new IllegalArgumentException(
                  "data.judgePrompt: '%s' is listwise (expected: a pairwise or pointwise one)"
                      .formatted(prompt.name()));
        };
    if (!possible.contains(arm)) {
      throw new IllegalArgumentException(
          "group.arms: %s (expected: of %s, since its judge prompt '%s' is %s)"
              .formatted(arm, possible, prompt.name(), prompt.mode().spelling()));
    }
  }

  /**
   * Reads the whole file.
   *
   * @throws IllegalArgumentException naming file, line and what was expected there
   */
  List<List<PromptArm>> read(Path file) {
    List<List<PromptArm>> lines = new ArrayList<>();
    try (var reader = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          lines.add(arms(file + ", line " + number, line));
        }
      }
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("prompts: no file " + file + " (expected: JSON lines)", e);
    } catch (IOException e) {
      throw new UncheckedIOException("reading pairs from " + file, e);
    }
    if (lines.isEmpty()) {
      throw new IllegalArgumentException("prompts: " + file + " is empty (expected: JSON lines)");
    }
    return lines;
  }

  private List<PromptArm> arms(String place, String line) {
    JsonNode pair;
    try {
      pair = JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          place + ": " + e.getOriginalMessage() + " (expected: a JSON object)", e);
    }
    JsonNode answers = pair.path("answers");
    if (!pair.path("question").isTextual() || answers.size() != 2) {
      throw new IllegalArgumentException(
          place + ": a line without a pair (expected: 'question' and two 'answers')");
    }
    return prompts.entrySet().stream()
        .map(entry -> arm(place, pair, entry.getKey(), entry.getValue()))
        .toList();
  }

  private PromptArm arm(String place, JsonNode pair, String arm, JudgePrompt prompt) {
    List<String> answers =
        List.of(pair.path("answers").get(0).asText(), pair.path("answers").get(1).asText());
    List<String> shown =
        switch (arm) {
          case "AB" -> answers;
          case "BA" -> answers.reversed();
          default -> List.of(answers.get(better(place, pair) ^ (arm.equals("chosen") ? 0 : 1)));
        };
    @Nullable String shownReference =
        pair.path("reference").isTextual() && prompt.usesReference()
            ? pair.path("reference").asText()
            : null;
    JudgeQuestion question =
        new JudgeQuestion(pair.path("question").asText(), shown, shownReference, null);
    return PromptArm.newBuilder()
        .setName(arm)
        .setMessages(messages(prompt.render(question)))
        .setReference(
            prompt.mode() == JudgeMode.PAIRWISE ? gold(place, pair, arm.equals("BA")) : arm)
        .build();
  }

  private static List<Message> messages(RenderedPrompt rendered) {
    List<Message> messages = new ArrayList<>();
    for (PromptMessage message : rendered.messages()) {
      messages.add(
          rendered.isRaw()
              ? new Message("text", message.text() + rendered.prime(), null)
              : new Message(message.role(), message.text(), null));
    }
    return messages;
  }

  private String gold(String place, JsonNode pair, boolean swapped) {
    return switch (wanted) {
      case PREFERENCE -> {
        int lead = lead(place, pair);
        yield lead == 0 ? "tie" : (lead > 0) != swapped ? "A" : "B";
      }
      case SCORES -> {
        JsonNode scores = pair.path("scores");
        if (scores.size() != 2) {
          throw new IllegalArgumentException(
              place + ": no 'scores' (expected: two, since data.reference is scores)");
        }
        yield scores.get(swapped ? 1 : 0).asText() + "," + scores.get(swapped ? 0 : 1).asText();
      }
      case STRENGTH -> {
        JsonNode strength = pair.path("strength");
        if (!strength.isInt()) {
          throw new IllegalArgumentException(
              place
                  + ": no 'strength' (expected: a whole number, since data.reference is strength)");
        }
        yield Integer.toString(swapped ? -strength.asInt() : strength.asInt());
      }
    };
  }

  /** Above 0 when the first answer is the better one, below when the second is, 0 for a tie. */
  private static int lead(String place, JsonNode pair) {
    String preferred = pair.path("preferred").asText();
    if (pair.has("preferred")) {
      return switch (preferred) {
        case "A" -> 1;
        case "B" -> -1;
        case "tie" -> 0;
        default ->
            throw new IllegalArgumentException(
                "%s: preferred: '%s' (expected: A, B or tie)".formatted(place, preferred));
      };
    }
    if (pair.path("scores").size() == 2) {
      return Double.compare(
          pair.path("scores").get(0).asDouble(), pair.path("scores").get(1).asDouble());
    }
    if (pair.path("strength").isInt()) {
      return -Integer.signum(pair.path("strength").asInt());
    }
    throw new IllegalArgumentException(
        place + ": no gold value (expected: 'preferred', 'scores' or 'strength')");
  }

  private static int better(String place, JsonNode pair) {
    int lead = lead(place, pair);
    if (lead == 0) {
      throw new IllegalArgumentException(
          place + ": no better answer (expected: one, for a pointwise judge prompt)");
    }
    return lead > 0 ? 0 : 1;
  }
}
