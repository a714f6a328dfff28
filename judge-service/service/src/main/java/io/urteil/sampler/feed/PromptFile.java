package io.urteil.sampler.feed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.urteil.event.EventCodec;
import io.urteil.event.Message;
import io.urteil.event.PromptArm;
import io.urteil.file.FileRoots;
import io.urteil.prompt.JudgePrompt;
import io.urteil.prompt.JudgePrompts;
import io.urteil.run.DataSection;
import io.urteil.run.RunFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;

/**
 * Prompts from JSON lines, each {@code {"id", "arms": [{"name", "prompt" | "messages",
 * "reference"}]}}. A {@code prompt} is raw text; {@code messages} are rendered with the chat
 * template of the policy.
 *
 * @param lines the arms of each prompt, in the order of the file
 */
public record PromptFile(List<List<PromptArm>> lines) {

  static {
    EventCodec.trustEvents();
  }

  private static final ObjectMapper JSON = new ObjectMapper();

  public PromptFile {
    lines = List.copyOf(lines);
  }

  /**
   * Reads a file of this run: prompts, or pairs if the run trains a judge.
   *
   * @throws IllegalArgumentException with file, line and the expected value
   */
  public static PromptFile read(RunFile run, Path file) {
    return read(run, file, FileRoots.any());
  }

  /**
   * As {@link #read(RunFile, Path)}.
   *
   * @param files that the run file may name
   */
  static PromptFile read(RunFile run, Path file, FileRoots files) {
    Path opened = files.require("prompts", file);
    DataSection data = run.data();
    if (data == null || data.judgePrompt() == null) {
      return read(opened, run.group().arms());
    }
    return new PromptFile(
        new PairFile(
                prompts(data, run.group().arms(), files), data.reference(), data.showReference())
            .read(opened));
  }

  private static SequencedMap<String, JudgePrompt> prompts(
      DataSection data, List<String> arms, FileRoots files) {
    String other = String.valueOf(data.judgePrompt());
    SequencedMap<String, JudgePrompt> prompts = new LinkedHashMap<>();
    for (String arm : arms) {
      String prompt = data.judgePrompts().getOrDefault(arm, other);
      prompts.put(
          arm,
          JudgePrompts.isFile(prompt)
              ? JudgePrompts.find(files.require("judgePrompt", prompt).toString())
              : JudgePrompts.named(prompt));
    }
    return prompts;
  }

  /**
   * Reads a file of prompts.
   *
   * @param arms the required arms of every prompt, in this order
   * @throws IllegalArgumentException with file, line and the expected value
   */
  public static PromptFile read(Path file, List<String> arms) {
    List<List<PromptArm>> lines = new ArrayList<>();
    try (var reader = Files.newBufferedReader(file)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        if (!line.isBlank()) {
          lines.add(arms(file + ", line " + number, line, arms));
        }
      }
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(
          "prompts: " + file + " does not exist (expected: a file of JSON lines)", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read prompts from " + file, e);
    }
    if (lines.isEmpty()) {
      throw new IllegalArgumentException(
          "prompts: " + file + " is empty (expected: a file of JSON lines)");
    }
    return new PromptFile(lines);
  }

  /** The prompt of this ordinal. A shuffled file has a new permutation, by seed, in each epoch. */
  public List<PromptArm> at(long ordinal, DataSection.PromptOrder order, long seed) {
    int position = (int) (ordinal % lines.size());
    return switch (order) {
      case GIVEN -> lines.get(position);
      case SHUFFLED -> lines.get(permutation(seed + ordinal / lines.size()).get(position));
    };
  }

  private List<Integer> permutation(long seed) {
    List<Integer> positions = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      positions.add(i);
    }
    Collections.shuffle(positions, new Random(seed));
    return positions;
  }

  private static List<PromptArm> arms(String position, String line, List<String> expected) {
    JsonNode node = parse(position, line);
    List<PromptArm> arms = new ArrayList<>();
    for (JsonNode arm : node.path("arms")) {
      arms.add(
          PromptArm.newBuilder()
              .setName(arm.path("name").asText())
              .setMessages(messages(position, arm))
              .setReference(
                  arm.path("reference").isMissingNode() ? null : arm.path("reference").asText())
              .build());
    }
    List<String> names = arms.stream().map(PromptArm::getName).toList();
    if (!names.equals(expected)) {
      throw new IllegalArgumentException(
          "%s: arms %s (expected: the run's group.arms %s)".formatted(position, names, expected));
    }
    return arms;
  }

  private static JsonNode parse(String position, String line) {
    try {
      return JSON.readTree(line);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          position + ": " + e.getOriginalMessage() + " (expected: a JSON object)", e);
    }
  }

  private static List<Message> messages(String position, JsonNode arm) {
    if (arm.path("prompt").isTextual()) {
      return List.of(new Message("text", arm.path("prompt").asText(), null));
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode message : arm.path("messages")) {
      messages.add(
          new Message(message.path("role").asText(), message.path("content").asText(), null));
    }
    if (messages.isEmpty()) {
      throw new IllegalArgumentException(
          position + ": arm without a prompt (expected: 'prompt' or 'messages')");
    }
    return messages;
  }
}
