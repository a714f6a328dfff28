package io.urteil.judges.answer.search;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.BiPredicate;

/**
 * Climbs from answers that a comparison reads to others that it reads, by random edits, and looks
 * for one that is certainly wrong and paid all the same. No person has to know what an edited
 * answer means. It is wrong in two cases:
 *
 * <ol>
 *   <li>It is right for two references that differ, so it bets on both.
 *   <li>It is right for a reference, and stays right when a {@link Change} puts "not", "squared" or
 *       another answer beside it.
 * </ol>
 *
 * <p>An edited answer that is right for one reference is edited again; so the search moves along
 * the border of what is read. With the same seed it makes the same steps. Used by one thread.
 */
public final class AnswerSearch {

  private static final int LARGEST_POPULATION = 3_000;
  private static final int LONGEST = 80;
  private static final int MOST_FOUND = 50;

  private final Vocabulary vocabulary;
  private final BiPredicate<String, String> right;
  private final Random random;

  /**
   * A wrong answer that is paid.
   *
   * @param reference what it is right for
   * @param answer the text of the answer
   * @param why it is wrong
   */
  public record Found(String reference, String answer, String why) {}

  /**
   * The result of a search.
   *
   * @param tried edited answers
   * @param read how many of them were right for a reference
   * @param found the wrong ones among them, each once
   */
  public record Result(long tried, long read, List<Found> found) {

    public Result {
      found = List.copyOf(found);
    }
  }

  /**
   * A search.
   *
   * @param vocabulary the answers to start from and the pieces to edit them with
   * @param right whether a response is right for a reference
   * @param seed of the edits
   */
  public AnswerSearch(Vocabulary vocabulary, BiPredicate<String, String> right, long seed) {
    this.vocabulary = vocabulary;
    this.right = right;
    this.random = new Random(seed);
  }

  /** Searches for this time, or until it has found fifty. */
  public Result run(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    List<String> population = new ArrayList<>(vocabulary.seeds());
    Set<String> known = new LinkedHashSet<>(population);
    List<Found> found = new ArrayList<>();
    long tried = 0;
    long read = 0;
    while (System.nanoTime() < end && found.size() < MOST_FOUND) {
      String answer = edited(population);
      tried++;
      if (answer.isBlank()
          || !isBalanced(answer)
          || answer.length() > LONGEST
          || !known.add(answer)) {
        continue;
      }
      List<String> references = references(answer);
      if (references.isEmpty()) {
        known.remove(answer);
        continue;
      }
      read++;
      Optional<Found> wrong = wrong(answer, references);
      if (wrong.isPresent()) {
        found.add(wrong.get());
      } else if (population.size() < LARGEST_POPULATION) {
        population.add(answer);
      } else {
        // Seeds stay; one of the others makes room.
        int seeds = vocabulary.seeds().size();
        int out = seeds + random.nextInt(population.size() - seeds);
        known.remove(population.set(out, answer));
      }
    }
    return new Result(tried, read, found);
  }

  private List<String> references(String answer) {
    String response = vocabulary.response(answer);
    return vocabulary.references().stream()
        .filter(reference -> right.test(response, reference))
        .toList();
  }

  private Optional<Found> wrong(String answer, List<String> references) {
    String reference = references.getFirst();
    if (references.size() > 1) {
      return Optional.of(
          new Found(reference, answer, "it is also right for '" + references.getLast() + "'"));
    }
    for (Change change : vocabulary.changesOf(reference)) {
      String changed = change.on(answer);
      if (right.test(vocabulary.response(changed), reference)) {
        return Optional.of(
            new Found(reference, changed, "'" + answer + "' is right for the reference as well"));
      }
    }
    return Optional.empty();
  }

  /** Whether each brace closes one before it, so that a box ends where the answer does. */
  private static boolean isBalanced(String answer) {
    int depth = 0;
    for (int i = 0; i < answer.length() && depth >= 0; i++) {
      switch (answer.charAt(i)) {
        case '\\' -> i++;
        case '{' -> depth++;
        case '}' -> depth--;
        default -> {}
      }
    }
    return depth == 0;
  }

  /** One to three edits of a member of the population. */
  private String edited(List<String> population) {
    StringBuilder text = new StringBuilder(population.get(random.nextInt(population.size())));
    for (int edits = random.nextInt(3); edits >= 0; edits--) {
      int at = random.nextInt(text.length() + 1);
      switch (random.nextInt(6)) {
        case 0, 1 -> text.insert(at, piece());
        case 2 -> text.insert(random.nextBoolean() ? 0 : text.length(), piece());
        case 3 -> {
          if (!text.isEmpty()) {
            text.deleteCharAt(random.nextInt(text.length()));
          }
        }
        case 4 -> {
          String other = population.get(random.nextInt(population.size()));
          int from = random.nextInt(other.length() + 1);
          text.insert(at, other, from, from + random.nextInt(other.length() - from + 1));
        }
        default -> {
          int end = Math.min(text.length(), at + 1 + random.nextInt(4));
          text.replace(Math.min(at, end), end, piece());
        }
      }
    }
    return text.toString();
  }

  private String piece() {
    List<String> pieces = vocabulary.pieces();
    return pieces.get(random.nextInt(pieces.size()));
  }
}
