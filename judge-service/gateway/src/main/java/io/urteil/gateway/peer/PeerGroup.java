package io.urteil.gateway.peer;

import io.urteil.gateway.SubmittedMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Completions of one prompt, as a contract of others delivers them.
 *
 * @param id of the group; null for one that is derived from the content
 * @param indexes of the completions in the group
 * @param size members of the group
 */
record PeerGroup(
    @Nullable String id,
    List<SubmittedMessage> prompt,
    List<String> completions,
    List<Integer> indexes,
    int size,
    @Nullable String reference) {

  PeerGroup {
    prompt = List.copyOf(prompt);
    completions = List.copyOf(completions);
    indexes = List.copyOf(indexes);
  }

  /** One completion, which is a group of its own. */
  static PeerGroup alone(
      List<SubmittedMessage> prompt, String completion, @Nullable String reference) {
    return new PeerGroup(null, prompt, List.of(completion), List.of(0), 1, reference);
  }

  /** All completions of a prompt. */
  static PeerGroup whole(List<SubmittedMessage> prompt, List<String> completions) {
    List<Integer> indexes = IntStream.range(0, completions.size()).boxed().toList();
    return new PeerGroup(null, prompt, completions, indexes, completions.size(), null);
  }

  /** This group with those completions of another part of it that it has not. */
  PeerGroup with(PeerGroup other) {
    List<String> allCompletions = new ArrayList<>(completions);
    List<Integer> allIndexes = new ArrayList<>(indexes);
    for (int i = 0; i < other.indexes().size(); i++) {
      if (!allIndexes.contains(other.indexes().get(i))) {
        allIndexes.add(other.indexes().get(i));
        allCompletions.add(other.completions().get(i));
      }
    }
    return new PeerGroup(id, prompt, allCompletions, allIndexes, size, reference);
  }

  /** This group under the id that its client gives to it. */
  PeerGroup named(String other) {
    return new PeerGroup(other, prompt, completions, indexes, size, reference);
  }
}
